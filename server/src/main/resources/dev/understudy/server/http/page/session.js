/** Who is signed in: a token, which is in this tab only, and in no address. */

import { Api, Problem } from './api.js';
import { byId, fill } from './dom.js';
import { problemNode } from './tasks.js';

const KEY = 'understudy-token';

/** What a header can carry, and tokens are of. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
const STARTING_MILLIS = 2_000;

export class Session {
  #begin;
  #end;
  #attempt = 0;
  #hasBegun = false;

  /**
   * @param begin called with an Api and what it answers at its root, when somebody has signed in
   * @param end called when nobody is signed in any more
   */
  constructor(begin, end) {
    this.#begin = begin;
    this.#end = end;
    byId('sign-in-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId('sign-out').addEventListener('click', () => this.signOut(null));
    addEventListener('hashchange', () => {
      const token = takeFromAddress();
      if (token !== null) {
        this.#leave();
        this.#try(token);
      }
    });
  }

  /** Goes on with the token of the address or of the tab, or asks for one. */
  start() {
    const token = takeFromAddress() ?? sessionStorage.getItem(KEY);
    if (token === null) {
      this.#ask(null);
    } else {
      this.#try(token);
    }
  }

  /**
   * Forgets the token.
   *
   * @param problem why, or null
   */
  signOut(problem) {
    sessionStorage.removeItem(KEY);
    this.#leave();
    this.#ask(problem);
  }

  #leave() {
    this.#attempt += 1;
    if (this.#hasBegun) {
      this.#hasBegun = false;
      this.#end();
    }
  }

  #submit() {
    const input = byId('token');
    const token = input.value.trim();
    if (token !== '') {
      this.#try(token);
    } else {
      input.focus();
    }
  }

  async #try(token) {
    this.#attempt += 1;
    const attempt = this.#attempt;
    if (!TOKEN.test(token)) {
      this.#ask(new Problem({ title: 'this is no token', hint: 'Look whether it is complete, and nothing else.' }));
      return;
    }
    const api = new Api(token, (problem) => attempt === this.#attempt && this.signOut(problem));
    try {
      const about = await api.get('');
      if (attempt === this.#attempt) {
        sessionStorage.setItem(KEY, token);
        byId('token').value = '';
        fill(byId('sign-in-problem'));
        this.#hasBegun = true;
        this.#begin(api, about);
      }
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      if (attempt === this.#attempt) {
        this.#refused(e, token, attempt);
      }
    }
  }

  #refused(problem, token, attempt) {
    const asked = this.#ask(problem);
    if (problem.status === 503 || problem.status === 0) {
      // It starts, or is being started again: the token may well be right.
      byId('token').value = token;
      setTimeout(
        () => attempt === this.#attempt && this.#try(token),
        (problem.retryAfter ?? 0) * 1000 || STARTING_MILLIS,
      );
    } else {
      asked.select();
    }
  }

  #ask(problem) {
    byId('sign-in').hidden = false;
    const shown = byId('sign-in-problem');
    if (problem === null) {
      fill(shown);
    } else if (shown.dataset.title !== problem.title || shown.childElementCount === 0) {
      fill(shown, problemNode(problem));
    }
    shown.dataset.title = problem?.title ?? '';
    const input = byId('token');
    if (document.activeElement !== input) {
      input.focus();
    }
    return input;
  }
}

/** Takes `#token=…` out of the address at once, before anybody copies or bookmarks it. */
function takeFromAddress() {
  const match = /^#token=(.*)$/.exec(location.hash);
  if (match === null) {
    return null;
  }
  history.replaceState(null, '', location.pathname + location.search);
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}
