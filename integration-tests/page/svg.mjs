// The page as an SVG of text and boxes, small enough to be kept beside the source and readable in it. For a page such as
// this one: plain boxes, text, and drawings that are SVG already.

/** Runs in the page. */
export function drawn({ width, height, title }) {
  const parts = [];
  const number = (value) => String(Math.round(value * 10) / 10);
  const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
  const tag = (name, attributes, content = null) => {
    const all = Object.entries(attributes)
      .filter(([, value]) => value !== null && value !== '')
      .map(([key, value]) => ` ${key}="${typeof value === 'number' ? number(value) : escaped(value)}"`)
      .join('');
    return content === null ? `<${name}${all}/>` : `<${name}${all}>${content}</${name}>`;
  };
  const color = (value) => {
    const [r, g, b, alpha = 1] = value.match(/[\d.]+/g).map(Number);
    return alpha === 0 ? null : `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  const inSight = (box) => box.right > 0 && box.bottom > 0 && box.top < height && box.left < width;

  /** Background and border; one that is on one side only is a line. */
  function box(rectangle, style) {
    const fill = color(style.backgroundColor);
    const sides = ['Top', 'Right', 'Bottom', 'Left'].map((side) =>
      parseFloat(style[`border${side}Width`]) > 0 ? color(style[`border${side}Color`]) : null,
    );
    const isFramed = sides.every((side) => side !== null);
    const { left: x, top: y, width: w, height: h, right, bottom } = rectangle;
    if (fill !== null || isFramed) {
      const inset = isFramed ? 0.5 : 0;
      const rounded = style.borderTopLeftRadius;
      const radius = rounded.endsWith('%') ? w / 2 : Math.min(parseFloat(rounded), w / 2, h / 2);
      parts.push(
        tag('rect', {
          x: x + inset,
          y: y + inset,
          width: w - 2 * inset,
          height: h - 2 * inset,
          rx: radius > 0 ? radius : null,
          fill: fill ?? 'none',
          stroke: isFramed ? sides[0] : null,
        }),
      );
    }
    if (!isFramed) {
      const [top, , below] = sides;
      const line = (at, stroke) => parts.push(tag('path', { d: `M${number(x)} ${number(at)}H${number(right)}`, stroke }));
      if (top !== null) {
        line(y + 0.5, top);
      }
      if (below !== null) {
        line(bottom - 0.5, below);
      }
    }
  }

  /** A dot or the like before an element. */
  function before(element) {
    const style = getComputedStyle(element, '::before');
    if (style.content === 'none' || style.display === 'none') {
      return;
    }
    const size = parseFloat(style.width);
    const outer = element.getBoundingClientRect();
    const left = outer.left + parseFloat(getComputedStyle(element).paddingLeft);
    const top = outer.top + (outer.height - size) / 2;
    box({ left, top, width: size, height: size, right: left + size, bottom: top + size }, style);
  }

  /** One line of text after the other, each as wide as it is here, whatever font there is elsewhere. */
  function text(node, style) {
    const range = document.createRange();
    const lines = [];
    for (let i = 0; i < node.data.length; i += 1) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const at = range.getBoundingClientRect();
      const last = lines.at(-1);
      if (at.width === 0) {
        continue;
      }
      if (last !== undefined && Math.abs(last.top - at.top) < 2) {
        last.text += node.data[i];
        last.right = at.right;
      } else {
        lines.push({ text: node.data[i], left: at.left, right: at.right, top: at.top, bottom: at.bottom });
      }
    }
    for (const line of lines.filter((one) => one.text.trim() !== '' && inSight(one))) {
      string(line.text.trimEnd(), line, style);
    }
  }

  function string(content, { left, right, top, bottom }, style) {
    const size = parseFloat(style.fontSize);
    parts.push(
      tag(
        'text',
        {
          x: left,
          y: (top + bottom) / 2 + size * 0.35,
          textLength: right - left,
          'font-size': size === 14 ? null : size,
          'font-weight': style.fontWeight === '400' ? null : style.fontWeight,
          'font-family': style.fontFamily.includes('mono') ? 'monospace' : null,
          fill: color(style.color),
        },
        escaped(content),
      ),
    );
  }

  /** A drawing that is one already, with its colours written into it. */
  function drawing(element) {
    const { left, top, width: w, height: h } = element.getBoundingClientRect();
    const copy = element.cloneNode(true);
    const originals = [element, ...element.querySelectorAll('*')];
    [copy, ...copy.querySelectorAll('*')].forEach((part, i) => {
      const style = getComputedStyle(originals[i]);
      part.removeAttribute('class');
      if (part !== copy) {
        for (const property of ['fill', 'stroke', 'stroke-width', 'fill-opacity', 'font-size']) {
          const value = style.getPropertyValue(property);
          part.setAttribute(property, value.startsWith('rgb') ? (color(value) ?? 'none') : value);
        }
      }
    });
    for (const [key, value] of Object.entries({ x: left, y: top, width: w, height: h })) {
      copy.setAttribute(key, number(value));
    }
    parts.push(new XMLSerializer().serializeToString(copy));
  }

  function walk(element) {
    const style = getComputedStyle(element);
    const rectangle = element.getBoundingClientRect();
    if (style.display === 'none' || style.visibility === 'hidden' || style.clipPath !== 'none') {
      return;
    }
    if (element instanceof SVGSVGElement) {
      if (inSight(rectangle)) {
        drawing(element);
      }
      return;
    }
    if (inSight(rectangle)) {
      box(rectangle, style);
      before(element);
    }
    if (element.placeholder) {
      const { left, right, top, bottom } = rectangle;
      const inner = { left: left + 9, right: Math.min(right, left + 9 + element.placeholder.length * 6.6), top, bottom };
      string(element.placeholder, inner, getComputedStyle(element, '::placeholder'));
    }
    for (const child of element.childNodes) {
      if (child instanceof Element) {
        walk(child);
      } else if (child instanceof Text) {
        text(child, style);
      }
    }
  }

  walk(document.body);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    '  font-family="system-ui, Segoe UI, Roboto, Helvetica, DejaVu Sans, sans-serif" font-size="14" role="img">',
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${color(getComputedStyle(document.body).backgroundColor)}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
