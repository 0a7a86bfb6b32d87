/** Keeps the store as the daemon is: lists at first, hears of changes from then on, and lists what no event tells. */

import { announce } from './dom.js';
import { EventStream } from './events.js';
import { Problem } from './api.js';

/** Signs of life, lags and the ends that follow from them are in no event. */
const RELIST_MILLIS = 30_000;
const SOURCES_MILLIS = 10_000;
const TRASH_MILLIS = 300;

/** Those that failed longer ago have been seen. */
const OLD_FAILURE_MILLIS = 600_000;

const AT_ONCE_MILLIS = 1_500;

/** That what is done is still shown. */
const DONE_MILLIS = 8_000;

export class Feed {
  #api;
  #store;
  #stream;
  #timers = [];
  #trashTimer = null;
  #told;
  #needsList = true;
  /** Events that came while the list was read: it may be older than they are. */
  #pending = null;
  #listing = Promise.resolve();
  #stopped = false;
  #quiet = new Set();
  #dismissed = new Set();

  /**
   * @param told as of EventStream
   */
  constructor(api, store, told) {
    this.#api = api;
    this.#store = store;
    this.#told = told;
    this.#stream = new EventStream(api, (type, data) => this.#heard(type, data), told);
  }

  start() {
    this.#stream.start();
    this.#timers = [
      setInterval(() => this.#whenSeen(() => this.#list()), RELIST_MILLIS),
      setInterval(() => this.#whenSeen(() => this.#listSources()), SOURCES_MILLIS),
    ];
  }

  /** What is still to come in is of no concern: the store may be another token's by then. */
  stop() {
    this.#stopped = true;
    this.#stream.stop();
    this.#timers.forEach(clearInterval);
    clearTimeout(this.#trashTimer);
  }

  retry() {
    this.#stream.retry();
  }

  /**
   * Does not show the failure of an operation of which somebody is told anyway.
   *
   * @returns to be called with the milliseconds after which it would be shown again
   */
  mute(operation, subject) {
    const key = `${operation} ${subject}`;
    this.#quiet.add(key);
    return (millis) => (millis === 0 ? this.#quiet.delete(key) : setTimeout(() => this.#quiet.delete(key), millis));
  }

  /** Lists are read in the background: whatever is wrong is told by the stream. */
  async #whenSeen(work) {
    if (!document.hidden && this.#store.listed) {
      try {
        await work();
      } catch (e) {
        if (!(e instanceof Problem)) {
          throw e;
        }
      }
    }
  }

  async #heard(type, data) {
    if (this.#stopped) {
      return;
    }
    if (type === 'reset') {
      this.#needsList = true;
    } else if (type === 'ready') {
      if (this.#needsList) {
        await this.#begin();
      }
    } else if (this.#pending !== null) {
      this.#pending.push([type, data]);
    } else {
      this.#apply(type, data);
    }
  }

  async #begin() {
    try {
      await this.#list();
      this.#needsList = false;
      this.#told({ state: 'connected' });
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      if (e.status !== 401) {
        this.#told({ state: 'waiting', problem: e, seconds: 2 });
        setTimeout(() => this.#heard('ready'), 2_000);
      }
    }
  }

  /** One at a time. */
  #list() {
    const listing = this.#listing.catch(() => {}).then(() => this.#listAll());
    this.#listing = listing;
    return listing;
  }

  async #listAll() {
    this.#pending = [];
    try {
      const [environments, tasks, sources, snapshots, trash] = await Promise.all(
        ['environments', 'tasks', 'sources', 'snapshots', 'trash'].map((path) => this.#api.list(path)),
      );
      if (this.#stopped) {
        return;
      }
      const store = this.#store;
      store.environments = new Map(environments.map((one) => [one.name, one]));
      store.snapshots = new Map(snapshots.map((one) => [one.id, one]));
      store.sources = sources;
      store.trash = trash;
      tasks.forEach((task) => this.#addTask(task));
      store.listed = true;
      store.changed('environments', 'tasks', 'sources', 'snapshots', 'trash');
    } finally {
      const missed = this.#pending;
      this.#pending = null;
      missed.forEach(([type, data]) => this.#apply(type, data));
    }
  }

  async #listSources() {
    const sources = await this.#api.list('sources');
    if (!this.#stopped) {
      this.#store.sources = sources;
      this.#store.changed('sources');
    }
  }

  #apply(type, data) {
    if (this.#stopped) {
      return;
    }
    const store = this.#store;
    if (type === 'environment') {
      this.#environment(data.change, data.environment);
    } else if (type === 'snapshot') {
      if (data.change === 'removed') {
        store.snapshots.delete(data.snapshot.id);
      } else {
        store.snapshots.set(data.snapshot.id, data.snapshot);
      }
      store.changed('snapshots');
      this.#whenSeen(() => this.#listSources());
    } else if (type === 'copy') {
      store.copies.set(data.source, { ...data, at: Date.now() });
      store.changed('sources');
    } else if (type === 'task') {
      this.#addTask(data);
      store.changed('tasks');
      if (data.state === 'done') {
        this.#listTrashSoon();
      }
    }
  }

  #environment(change, environment) {
    const { name } = environment;
    const former = this.#store.environments.get(name);
    if (change === 'dropped') {
      this.#store.environments.delete(name);
      announce(`${name} is gone`);
    } else {
      this.#store.environments.set(name, environment);
      if (former?.state !== environment.state) {
        announce(`${name} is ${environment.state}`);
      }
    }
    this.#store.changed('environments');
    if (change !== 'changed' || former?.clone !== environment.clone) {
      this.#listTrashSoon();
    }
  }

  #listTrashSoon() {
    clearTimeout(this.#trashTimer);
    this.#trashTimer = setTimeout(
      () =>
        this.#whenSeen(async () => {
          const trash = await this.#api.list('trash');
          if (!this.#stopped) {
            this.#store.trash = trash;
            this.#store.changed('trash');
          }
        }),
      TRASH_MILLIS,
    );
  }

  #addTask(task) {
    const { tasks } = this.#store;
    const known = tasks.get(task.id);
    const key = `${task.operation} ${task.subject}`;
    const age = task.ended_at === null ? 0 : Date.now() - Date.parse(task.ended_at);
    if (task.state === 'done') {
      // What is over before it is seen needs no words.
      if (known?.state === 'running') {
        tasks.set(task.id, task);
        announce(`${key} is done`);
        setTimeout(() => this.dismiss(task.id), DONE_MILLIS);
      }
    } else if (task.state === 'failed' && (this.#quiet.has(key) || age > OLD_FAILURE_MILLIS || isToldAlready(task))) {
      tasks.delete(task.id);
      this.#dismissed.add(task.id);
    } else if (!this.#dismissed.has(task.id)) {
      tasks.set(task.id, task);
      if (task.state === 'failed' && known?.state !== 'failed') {
        announce(`${key} has failed: ${task.problem.title}`);
      }
    }
  }

  /** It has been seen. */
  dismiss(id) {
    this.#dismissed.add(id);
    this.#store.tasks.delete(id);
    this.#store.changed('tasks', 'environments');
  }
}

/** What is refused at once concerns the one who asked, who got the refusal for an answer. */
function isToldAlready({ problem, started_at: begin, ended_at: end }) {
  return problem.status < 500 && Date.parse(end) - Date.parse(begin) < AT_ONCE_MILLIS;
}
