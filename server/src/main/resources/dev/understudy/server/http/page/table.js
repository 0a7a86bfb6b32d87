/** The table of environments: what is shown in which order, and as few changes of the document as can be. */

import { byId, el, fill, setText } from './dom.js';
import { count } from './format.js';
import { matches, sorted } from './filter.js';
import { Row } from './row.js';
import { logicalBytes } from './savings.js';

const COLUMNS = [
  ['name', 'Name'],
  ['state', 'State'],
  ['data', 'Data'],
  ['owner', 'Owner'],
  ['sessions', 'Sessions'],
  ['activity', 'Last used'],
  ['ends', 'Ends'],
  ['size', 'Own size'],
];

/** Those that people look for from the top down. */
const LARGEST_FIRST = new Set(['sessions', 'activity', 'size']);
const AGES_MILLIS = 15_000;

export class Table {
  #store;
  #open;
  #sizes;
  #rows = new Map();
  #order = { column: 'name', ascending: true };
  #headers = new Map();

  /**
   * @param open called with the name of an environment
   * @param sizes measures those that are to be seen
   */
  constructor(store, open, sizes) {
    this.#store = store;
    this.#open = open;
    this.#sizes = sizes;
    this.#makeHeaders();
    byId('filter').addEventListener('input', () => this.#show());
    store.on(['environments', 'tasks', 'snapshots', 'sizes', 'about'], () => this.#show());
    setInterval(() => !document.hidden && this.#show(), AGES_MILLIS);
  }

  #makeHeaders() {
    const select = byId('sort-by');
    for (const [column, heading] of COLUMNS) {
      const header = el(
        'div',
        { role: 'columnheader', class: `cell cell-${column}` },
        el('button', { type: 'button', class: 'sort', click: () => this.#sort(column) }, heading),
      );
      this.#headers.set(column, header);
      byId('columns').append(header);
      select.append(el('option', { value: column }, heading));
    }
    select.addEventListener('change', () => this.#sort(select.value));
    this.#showOrder();
  }

  #sort(column) {
    const same = this.#order.column === column;
    this.#order = { column, ascending: same ? !this.#order.ascending : !LARGEST_FIRST.has(column) };
    this.#showOrder();
    this.#show();
  }

  #showOrder() {
    const { column, ascending } = this.#order;
    for (const [name, header] of this.#headers) {
      if (name === column) {
        header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      } else {
        header.removeAttribute('aria-sort');
      }
    }
    byId('sort-by').value = column;
  }

  /** Those that there are, and those that are being made or could not be. */
  #all() {
    const all = new Map(this.#store.environments);
    for (const task of this.#store.tasks.values()) {
      if (task.operation === 'CREATE ENVIRONMENT' && task.state !== 'done' && !all.has(task.subject)) {
        all.set(task.subject, {
          name: task.subject,
          state: task.state === 'failed' ? 'failed' : 'creating',
          coming: task.state === 'running',
          problem: task.state === 'failed' ? task.problem : undefined,
        });
      }
    }
    return [...all.values()];
  }

  #show() {
    const all = this.#all();
    const text = byId('filter').value;
    const shown = sorted(
      all.filter((one) => matches(one, text)),
      this.#order,
      this.#store,
    );
    this.#place(shown);
    setText(
      byId('count'),
      shown.length === all.length ? count(all.length, 'environment', 'environments') : `${shown.length} of ${all.length}`,
    );
    this.#showNothing(all.length, shown.length, text);
  }

  #place(shown) {
    const body = byId('rows');
    const focused = document.activeElement;
    const kept = new Set(shown.map((one) => one.name));
    let neighbour = null;
    for (const [name, row] of this.#rows) {
      if (!kept.has(name)) {
        if (row.node.contains(focused)) {
          neighbour = row.node.nextElementSibling ?? row.node.previousElementSibling;
        }
        this.#sizes.forget(row.node);
        row.node.remove();
        this.#rows.delete(name);
      }
    }
    let at = body.firstElementChild;
    for (const environment of shown) {
      const row = this.#row(environment.name);
      row.show(environment, {
        task: this.#store.taskOn(environment.name),
        storage: this.#store.sizeOf(environment),
        logicalBytes: logicalBytes(environment, this.#store),
      });
      if (row.node === at) {
        at = at.nextElementSibling;
      } else {
        body.insertBefore(row.node, at);
      }
    }
    // Who moves about by keys goes on from the same place.
    if (neighbour?.isConnected) {
      neighbour.querySelector('button')?.focus();
    } else if (focused !== document.activeElement && focused?.isConnected && body.contains(focused)) {
      focused.focus();
    }
  }

  #row(name) {
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = new Row(name, this.#open);
      this.#rows.set(name, row);
      this.#sizes.watch(row.node);
    }
    return row;
  }

  #showNothing(all, shown, text) {
    const nothing = byId('nothing');
    nothing.hidden = shown > 0 || !this.#store.listed;
    if (nothing.hidden) {
      return;
    }
    if (all > 0) {
      fill(nothing, el('p', {}, `Nothing matches “${text.trim()}”.`));
    } else {
      fill(
        nothing,
        el('p', {}, el('strong', {}, 'There is no environment yet.')),
        el('p', {}, 'Connecting makes one, by its name in the connection string:'),
        el('pre', {}, this.#store.example ?? 'psql "host=… dbname=DATABASE@NAME"'),
      );
    }
  }
}
