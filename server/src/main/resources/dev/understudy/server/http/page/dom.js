/**
 * Makes elements. Names, labels and errors come from others: text only ever becomes a text node, and nothing here
 * reads markup.
 */

/** The one with an id of index.html. */
export const byId = (id) => document.getElementById(id);

/**
 * An element of HTML.
 *
 * @param attributes functions listen to the event of that name; null and false leave an attribute out
 * @param children elements and texts; null is left out
 */
export function el(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of SVG, in the same way. */
export function svg(tag, attributes, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Sets a text where it is another one, so that nobody is told of what has not changed. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Puts children in the place of those that there are. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

let ids = 0;

/** An id that no other element has. */
export const newId = (prefix) => `${prefix}-${(ids += 1)}`;

const announcements = [];
const FEW = 3;

/** Tells readers of the screen what others see. Very much at a time is summed up. */
export function announce(text) {
  announcements.push(text);
  if (announcements.length === 1) {
    setTimeout(() => {
      const said = announcements.splice(0);
      byId('announcements').textContent =
        said.length <= FEW ? said.join('. ') : `${said.length} changes`;
    }, 400);
  }
}
