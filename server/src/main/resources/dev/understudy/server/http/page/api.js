/** The HTTP API, for the bearer of a token. */

const ROOT = 'api/v1';
const PART = 1000;

/** Waits for what is quick, and is told of the rest by events. */
const PREFER = 'respond-async, wait=2';

/** Why something was not done, in the API's words. */
export class Problem extends Error {
  constructor({ title, detail = null, hint = null, sqlstate = null }, status = 0, retryAfter = null) {
    super(title);
    Object.assign(this, { title, detail, hint, sqlstate, status, retryAfter });
  }

  static async of(response) {
    const retryAfter = Number(response.headers.get('Retry-After')) || null;
    try {
      const body = await response.json();
      if (typeof body.title === 'string') {
        return new Problem(body, response.status, retryAfter);
      }
    } catch {
      // Something between us and Understudy has answered.
    }
    return new Problem(
      { title: `the answer was ${response.status} ${response.statusText}`.trim() },
      response.status,
      retryAfter,
    );
  }

  static unreachable() {
    return new Problem({
      title: 'Understudy cannot be reached',
      hint: 'Look whether it runs, and whether this computer reaches it.',
    });
  }
}

export class Api {
  #token;
  #refused;

  /**
   * @param refused called with the problem when the token is valid no more
   */
  constructor(token, refused) {
    this.#token = token;
    this.#refused = refused;
  }

  /** The answer, whose body is still to be read. */
  async send(method, path, { body, headers = {}, signal } = {}) {
    const all = { Authorization: `Bearer ${this.#token}`, ...headers };
    if (body !== undefined) {
      all['Content-Type'] = 'application/json';
    }
    let response;
    try {
      response = await fetch(path === '' ? ROOT : `${ROOT}/${path}`, {
        method,
        headers: all,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
    } catch (e) {
      throw e.name === 'AbortError' ? e : Problem.unreachable();
    }
    if (!response.ok) {
      const problem = await Problem.of(response);
      if (problem.status === 401) {
        this.#refused(problem);
      }
      throw problem;
    }
    return response;
  }

  async get(path) {
    return (await this.send('GET', path)).json();
  }

  /** All of a list, in as many parts as it takes. */
  async list(path) {
    const items = [];
    let cursor = null;
    do {
      const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const part = await this.get(`${path}?limit=${PART}${after}`);
      items.push(...part.items);
      cursor = part.next_cursor;
    } while (cursor !== null);
    return items;
  }

  /**
   * Changes something.
   *
   * @returns the task if it goes on, else null
   */
  async change(method, path, body) {
    const response = await this.send(method, path, { body, headers: { Prefer: PREFER } });
    return response.status === 202 ? response.json() : null;
  }
}

/** Of one environment. */
export const environmentPath = (name) => `environments/${encodeURIComponent(name)}`;
