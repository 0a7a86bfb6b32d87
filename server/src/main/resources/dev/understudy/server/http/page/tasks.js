/** Operations under way, and those that have failed of late. */

import { byId, el, fill } from './dom.js';
import { span } from './format.js';

/** The API's words for why something was not done. */
export function problemNode(problem, role = 'alert') {
  return el(
    'div',
    { class: 'problem', role },
    el('p', {}, el('strong', {}, problem.title)),
    problem.detail ? el('p', { class: 'detail' }, problem.detail) : null,
    problem.hint ? el('p', {}, problem.hint) : null,
    problem.sqlstate ? el('p', { class: 'sub' }, `SQLSTATE ${problem.sqlstate}`) : null,
  );
}

export class TaskList {
  #store;
  #dismiss;
  #nodes = new Map();

  /**
   * @param dismiss called with the id of one that has been seen
   */
  constructor(store, dismiss) {
    this.#store = store;
    this.#dismiss = dismiss;
    store.on(['tasks'], () => this.#show());
    setInterval(() => this.#nodes.forEach(({ tick }) => tick()), 1_000);
  }

  #show() {
    const tasks = [...this.#store.tasks.values()].sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at));
    byId('operations').hidden = tasks.length === 0;
    for (const id of [...this.#nodes.keys()]) {
      if (!this.#store.tasks.has(id)) {
        this.#nodes.delete(id);
      }
    }
    for (const task of tasks) {
      if (this.#nodes.get(task.id)?.state !== task.state) {
        this.#nodes.set(task.id, this.#entry(task));
      }
    }
    fill(
      byId('task-list'),
      tasks.map((task) => this.#nodes.get(task.id).node),
    );
  }

  #entry(task) {
    const elapsed = el('span', { class: 'sub' });
    const isRunning = task.state === 'running';
    const tick = () => {
      const until = task.ended_at === null ? Date.now() : Date.parse(task.ended_at);
      elapsed.textContent = `${isRunning ? 'for' : 'after'} ${span((until - Date.parse(task.started_at)) / 1000)}`;
    };
    tick();
    return {
      state: task.state,
      tick: isRunning ? tick : () => {},
      node: el(
        'li',
        { class: `task task-${task.state}` },
        el(
          'div',
          { class: 'task-head' },
          el('span', { class: `state state-${isRunning ? 'working' : task.state}` }, task.state),
          el('span', {}, `${task.operation} ${task.subject}`),
          elapsed,
          task.state === 'failed'
            ? el(
                'button',
                {
                  type: 'button',
                  class: 'quiet',
                  'aria-label': `Dismiss ${task.operation} ${task.subject}`,
                  click: () => this.#dismiss(task.id),
                },
                'Dismiss',
              )
            : null,
        ),
        task.problem === null ? null : problemNode(task.problem, null),
      ),
    };
  }
}
