/** A row of the table: made once for each environment, and changed where something has changed. */

import { el, setText } from './dom.js';
import { age, ago, ahead, bytes, end, moment } from './format.js';

const GOING_ON = {
  'CREATE ENVIRONMENT': 'creating',
  'REFRESH ENVIRONMENT': 'refreshing',
  'RESET ENVIRONMENT': 'resetting',
  'SUSPEND ENVIRONMENT': 'suspending',
  'RESUME ENVIRONMENT': 'resuming',
  'DROP ENVIRONMENT': 'dropping',
};

/** Whether people should look. */
const BAD = new Set(['failed', 'lost']);

/** What an environment is in the middle of, or null. */
export const goingOn = (task) => (task === null ? null : (GOING_ON[task.operation] ?? null));

/** Shows a state by a word and a sign of its own. */
export function showState(node, state, doing) {
  const kind = doing === null ? state : 'working';
  node.className = `state state-${/^[a-z]+$/.test(kind) ? kind : 'other'}`;
  setText(node, doing === null || doing === state ? state : `${state}, ${doing}`);
}

export class Row {
  #cells = {};
  #name;
  #note;
  #state;
  #dataAge;
  #source;
  #private;
  #logical;
  node;

  /**
   * @param open called when somebody wants to see more
   */
  constructor(name, open) {
    this.#name = el('button', { type: 'button', class: 'name', click: () => open(name) }, name);
    this.#note = el('span', { class: 'label' });
    this.#state = el('span');
    this.#dataAge = el('span');
    this.#source = el('span', { class: 'sub' });
    this.#private = el('span');
    this.#logical = el('span', { class: 'sub' });
    this.node = el(
      'div',
      { role: 'row', class: 'row', 'data-name': name },
      el('div', { role: 'rowheader', class: 'cell cell-name' }, this.#name, this.#note),
      this.#cell('state', 'State', this.#state),
      this.#cell('data', 'Data', this.#dataAge, ' ', this.#source),
      this.#cell('owner', 'Owner'),
      this.#cell('sessions', 'Sessions'),
      this.#cell('activity', 'Last used'),
      this.#cell('ends', 'Ends'),
      this.#cell('size', 'Own size', this.#private, ' ', this.#logical),
    );
  }

  #cell(column, heading, ...children) {
    const cell = el('div', { role: 'cell', class: `cell cell-${column}`, 'data-heading': heading }, ...children);
    this.#cells[column] = cell;
    return cell;
  }

  get button() {
    return this.#name;
  }

  /**
   * Shows an environment as it is now.
   *
   * @param environment with `problem` if it could not be made, and `coming` if it is being made
   * @param logicalBytes of the whole, or null
   */
  show(environment, { task, storage, logicalBytes }) {
    const isThere = !environment.coming && environment.problem === undefined;
    this.#name.disabled = !isThere;
    this.node.classList.toggle('bad', BAD.has(environment.state));
    setText(this.#note, environment.problem?.title ?? environment.label ?? '');
    showState(this.#state, environment.state, goingOn(task));
    setText(this.#dataAge, environment.data_time ? `${age(environment.data_time)} old` : '–');
    this.#cells.data.title = environment.data_time ? `As production was at ${moment(environment.data_time)}` : '';
    setText(this.#source, environment.source ?? '');
    setText(this.#cells.owner, environment.owner ?? '–');
    setText(this.#cells.sessions, isThere ? String(environment.sessions) : '–');
    setText(this.#cells.activity, isThere ? ago(environment.last_activity) : '–');
    setText(this.#cells.ends, isThere ? ends(environment) : '–');
    setText(this.#private, storage === null ? '–' : bytes(storage.private_bytes));
    setText(this.#logical, logicalBytes === null ? '' : `of ${bytes(logicalBytes)}`);
  }
}

function ends(environment) {
  if (environment.protected) {
    return 'protected';
  }
  const instant = end(environment);
  if (instant === null) {
    return 'never';
  }
  return instant === environment.expires_at ? ahead(instant) : `${ahead(instant)} if idle`;
}
