/** What the page knows of the daemon. Who shows a topic hears when it has changed. */

export class Store {
  about = null;
  /** How psql makes an environment by connecting, or null. */
  example = null;
  /** By name. */
  environments = new Map();
  /** By id; without those that somebody has seen and put away. */
  tasks = new Map();
  sources = [];
  /** By name of the source: how far its latest copy is, and when that was told. */
  copies = new Map();
  /** By id. */
  snapshots = new Map();
  trash = [];
  /** By name of the environment: what it takes on disk, of which clone, and when that was measured. */
  sizes = new Map();
  /** Whether all this has been read once. */
  listed = false;

  #listeners = new Map();
  #changed = new Set();

  /**
   * @param topics names of the fields above
   */
  on(topics, listener) {
    for (const topic of topics) {
      this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener]);
    }
  }

  /** Listeners hear of it soon, once for all that has changed until then. */
  changed(...topics) {
    if (this.#changed.size === 0) {
      setTimeout(() => {
        const all = [...this.#changed];
        this.#changed.clear();
        new Set(all.flatMap((topic) => this.#listeners.get(topic) ?? [])).forEach((listener) => listener());
      });
    }
    topics.forEach((topic) => this.#changed.add(topic));
  }

  get role() {
    return this.about?.token.role ?? 'viewer';
  }

  /** Whether the token may change what it sees. */
  get steers() {
    return this.role !== 'viewer';
  }

  /** Whether sources and the daemon are its to steer, too. */
  get steersAll() {
    return this.role === 'administrator' && this.about.token.environments.length === 0;
  }

  /** What is under way with an environment, or null. */
  taskOn(name) {
    for (const task of this.tasks.values()) {
      if (task.state === 'running' && task.subject === name && task.operation.endsWith(' ENVIRONMENT')) {
        return task;
      }
    }
    return null;
  }

  /** Storage of an environment as it is now, or null where that is not known. */
  sizeOf(environment) {
    const size = this.sizes.get(environment.name);
    return size !== undefined && size.clone === environment.clone ? size.storage : null;
  }

  clear() {
    this.about = null;
    this.example = null;
    this.environments = new Map();
    this.tasks = new Map();
    this.sources = [];
    this.copies = new Map();
    this.snapshots = new Map();
    this.trash = [];
    this.sizes = new Map();
    this.listed = false;
    this.changed('environments', 'tasks', 'sources', 'snapshots', 'trash', 'sizes');
  }
}
