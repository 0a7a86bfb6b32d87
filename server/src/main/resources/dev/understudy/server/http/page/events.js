/**
 * A stream of server-sent events, for as long as somebody looks at the page. An EventSource cannot show a token, so
 * this is fetch() with a reader of its own.
 */

/** The server says something every ten seconds. */
const SILENCE_MILLIS = 25_000;
const DELAYS_MILLIS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Browsers open six connections to a server at most, for all tabs together: one that nobody sees gives its own back. */
const HIDDEN_MILLIS = 60_000;

export class EventStream {
  #api;
  #heard;
  #told;
  #lastId = null;
  #attempts = 0;
  #stopped = false;
  #abort = new AbortController();
  #wake = () => {};
  #hiddenTimer = null;
  #paused = false;
  #look = () => this.#looked();
  #online = () => this.retry();

  /**
   * @param heard called with the type and the data of each event
   * @param told called with {state: connected | waiting | paused, problem, seconds}
   */
  constructor(api, heard, told) {
    this.#api = api;
    this.#heard = heard;
    this.#told = told;
  }

  start() {
    document.addEventListener('visibilitychange', this.#look);
    addEventListener('online', this.#online);
    this.#look();
    this.#run();
  }

  stop() {
    this.#stopped = true;
    document.removeEventListener('visibilitychange', this.#look);
    removeEventListener('online', this.#online);
    clearTimeout(this.#hiddenTimer);
    this.#abort.abort();
    this.#wake();
  }

  /** Waits no longer. */
  retry() {
    this.#wake();
  }

  #looked() {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) {
      this.#hiddenTimer = setTimeout(() => {
        this.#paused = true;
        this.#abort.abort();
      }, HIDDEN_MILLIS);
    } else if (this.#paused) {
      this.#paused = false;
      this.#wake();
    }
  }

  async #run() {
    while (!this.#stopped) {
      let problem = null;
      try {
        await this.#listen();
      } catch (e) {
        problem = e.name === 'AbortError' ? null : e;
      }
      if (this.#stopped || problem?.status === 401) {
        return;
      }
      await this.#wait(problem);
    }
  }

  async #wait(problem) {
    if (this.#paused) {
      this.#told({ state: 'paused' });
      await new Promise((resolve) => (this.#wake = resolve));
      return;
    }
    const delay = (problem?.retryAfter ?? 0) * 1000 || DELAYS_MILLIS[Math.min(this.#attempts, DELAYS_MILLIS.length - 1)];
    this.#attempts += 1;
    this.#told({ state: 'waiting', problem, seconds: Math.ceil(delay / 1000) });
    // Not all at the same moment, when a daemon has been started again.
    const timed = delay * (1 + Math.random() / 4);
    await new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, timed);
    });
  }

  async #listen() {
    this.#abort = new AbortController();
    const abort = this.#abort;
    let watch = setTimeout(() => abort.abort(), SILENCE_MILLIS);
    try {
      const headers = { Accept: 'text/event-stream' };
      if (this.#lastId !== null) {
        headers['Last-Event-ID'] = this.#lastId;
      }
      const response = await this.#api.send('GET', 'events', { headers, signal: abort.signal });
      const parser = new Parser((event) => this.#receive(event));
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await read(reader); !part.done; part = await read(reader)) {
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE_MILLIS);
        parser.add(part.value);
      }
    } finally {
      clearTimeout(watch);
    }
  }

  #receive({ id, type, data }) {
    if (this.#stopped) {
      return;
    }
    this.#lastId = id;
    if (type === 'ready') {
      this.#attempts = 0;
      this.#told({ state: 'connected' });
    }
    this.#heard(type, JSON.parse(data));
  }
}

/** A connection that breaks off is one that has ended. */
async function read(reader) {
  try {
    return await reader.read();
  } catch {
    return { done: true };
  }
}

/** Reads events as the HTML standard has them, however they are cut to pieces. */
export class Parser {
  #rest = '';
  #emit;
  #event = { id: null, type: 'message', data: [] };

  constructor(emit) {
    this.#emit = emit;
  }

  add(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) {
      this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
  }

  #line(line) {
    if (line === '') {
      const { id, type, data } = this.#event;
      if (data.length > 0) {
        this.#emit({ id, type, data: data.join('\n') });
      }
      this.#event = { id, type: 'message', data: [] };
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') {
      this.#event.id = value;
    } else if (field === 'event') {
      this.#event.type = value;
    } else if (field === 'data') {
      this.#event.data.push(value);
    }
  }
}
