/** Connection strings of an environment, to be copied, as each client takes them. */

import { environmentPath, Problem } from './api.js';
import { announce, el, fill } from './dom.js';
import { problemNode } from './tasks.js';

/** That most people want; the others are one step away. */
const USUAL = ['psql', 'url', 'jdbc', 'node', 'django', 'rails', 'prisma', 'sqlalchemy'];
const COPIED_MILLIS = 2_000;

/** Asks for them, and shows them. */
export function clients(api, name) {
  const list = el('div', { class: 'clients' }, el('p', { class: 'note' }, 'Asking …'));
  show(api, name, list);
  return list;
}

async function show(api, name, list) {
  try {
    // This page is reached at a name of the host that clients reach, too, more often than not.
    const { urls } = await api.get(`${environmentPath(name)}/urls`);
    const known = Object.entries(urls).filter(([, text]) => text !== null);
    const usual = USUAL.map((tool) => known.find(([other]) => other === tool)).filter(Boolean);
    const others = known.filter(([tool]) => !USUAL.includes(tool));
    fill(
      list,
      usual.map(entry),
      others.length === 0
        ? null
        : el('details', {}, el('summary', {}, `${others.length} more clients`), others.map(entry)),
    );
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    fill(list, problemNode(e, null));
  }
}

function entry([tool, text]) {
  const code = el('code', {}, text);
  const button = el(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': `Copy for ${tool}`, click: () => copy(code, button, tool) },
    'Copy',
  );
  return el('div', { class: 'client' }, el('span', { class: 'tool' }, tool), code, button);
}

/** Where the browser gives the clipboard to no page without TLS, the text is selected, to be copied by hand. */
async function copy(code, button, tool) {
  const show = (word) => {
    button.textContent = word;
    button.setAttribute('aria-label', `${word} for ${tool}`);
  };
  let isCopied = false;
  try {
    await navigator.clipboard.writeText(code.textContent);
    isCopied = true;
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(code);
    isCopied = document.execCommand('copy');
  }
  show(isCopied ? 'Copied' : 'Selected');
  announce(isCopied ? `Copied for ${tool}` : `The text for ${tool} is selected`);
  setTimeout(() => show('Copy'), COPIED_MILLIS);
}
