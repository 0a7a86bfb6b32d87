/** What environments take on disk: some tenths of a second each, so only of those that somebody looks at, one by one. */

import { environmentPath, Problem } from './api.js';

const FRESH_MILLIS = 120_000;
const LOOK_MILLIS = 30_000;

export class Sizes {
  #store;
  #api = null;
  #seen = new Set();
  #queue = new Set();
  #busy = false;
  #observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: '100px' });

  constructor(store) {
    this.#store = store;
    store.on(['environments'], () => this.#look());
    setInterval(() => !document.hidden && this.#look(), LOOK_MILLIS);
  }

  /** From now on, or for null no more. */
  use(api) {
    this.#api = api;
    this.#queue.clear();
    this.#look();
  }

  /** A row that may come to be seen. */
  watch(row) {
    this.#observer.observe(row);
  }

  forget(row) {
    this.#observer.unobserve(row);
    this.#seen.delete(row.dataset.name);
    this.#queue.delete(row.dataset.name);
  }

  /** One that somebody looks at closely. */
  want(name) {
    this.#queue.add(name);
    this.#work();
  }

  wantAll() {
    this.#store.environments.forEach((environment) => this.#isStale(environment) && this.#queue.add(environment.name));
    this.#work();
  }

  get isMeasuring() {
    return this.#queue.size > 0;
  }

  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        this.#seen.add(target.dataset.name);
      } else {
        this.#seen.delete(target.dataset.name);
      }
    }
    this.#look();
  }

  #look() {
    for (const name of this.#seen) {
      const environment = this.#store.environments.get(name);
      if (environment !== undefined && this.#isStale(environment)) {
        this.#queue.add(name);
      }
    }
    this.#work();
  }

  #isStale(environment) {
    const size = this.#store.sizes.get(environment.name);
    return (
      environment.clone !== null &&
      (size === undefined || size.clone !== environment.clone || Date.now() - size.at > FRESH_MILLIS)
    );
  }

  async #work() {
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    try {
      while (this.#queue.size > 0 && this.#api !== null && !document.hidden) {
        const [name] = this.#queue;
        await this.#measure(this.#api, name);
        this.#queue.delete(name);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #measure(api, name) {
    try {
      const { clone, storage } = await api.get(`${environmentPath(name)}?usage=true`);
      if (api === this.#api) {
        this.#store.sizes.set(name, { clone, storage, at: Date.now() });
        this.#store.changed('sizes');
      }
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      // It has just gone, or nothing can be asked now: there will be another look.
      const clone = this.#store.environments.get(name)?.clone ?? null;
      this.#store.sizes.set(name, { clone, storage: null, at: Date.now() });
    }
  }
}
