/** One environment, with all that is known of it and all that can be done to it. It changes as the environment does. */

import { offered } from './actions.js';
import { clients } from './clients.js';
import { byId, el, fill, setText } from './dom.js';
import { openDialog } from './dialog.js';
import { ago, ahead, bytes, end, moment } from './format.js';
import { goingOn, showState } from './row.js';
import { logicalBytes } from './savings.js';

const AGES_MILLIS = 15_000;

export class Details {
  #store;
  #sizes;
  #act;
  #open = null;

  /**
   * @param act called with an action and an environment, and whom to tell when it is done
   */
  constructor(store, sizes, act) {
    this.#store = store;
    this.#sizes = sizes;
    this.#act = act;
    store.on(['environments', 'tasks', 'sizes', 'snapshots', 'about'], () => this.#show());
    setInterval(() => !document.hidden && this.#show(), AGES_MILLIS);
  }

  /** Shows one that there is. */
  open(api, name) {
    const parts = {
      state: el('span'),
      label: el('p', { class: 'label' }),
      gone: el('p', { class: 'error', role: 'status' }),
      facts: el('dl', { class: 'facts' }),
      buttons: el('div', { class: 'actions' }),
    };
    const content = el(
      'div',
      { class: 'details-body' },
      el('p', {}, parts.state),
      parts.gone,
      parts.label,
      parts.buttons,
      el('h3', {}, 'Connect'),
      clients(api, name),
      el('h3', {}, 'Facts'),
      parts.facts,
    );
    this.#open = { name, parts, api, buttons: null, place: 0 };
    this.#open.dialog = openDialog('details', name, content, () => this.#closed());
    this.#show();
    this.#sizes.want(name);
  }

  #closed() {
    const { name } = this.#open;
    this.#open = null;
    if (!this.#store.environments.has(name)) {
      // The button that the focus would go back to has gone with it.
      byId('environments').focus();
    }
  }

  #show() {
    if (this.#open === null) {
      return;
    }
    const { name, parts, dialog } = this.#open;
    const environment = this.#store.environments.get(name);
    dialog.classList.toggle('is-gone', environment === undefined);
    if (environment === undefined) {
      setText(parts.gone, 'It does not exist any more.');
      this.#open.buttons = null;
      fill(parts.buttons);
      return;
    }
    setText(parts.gone, '');
    showState(parts.state, environment.state, goingOn(this.#store.taskOn(name)));
    setText(parts.label, environment.label ?? '');
    this.#showButtons(environment);
    this.#showFacts(environment);
  }

  #showButtons(environment) {
    const { parts, api } = this.#open;
    const actions = this.#store.steers ? offered(environment) : [];
    const now = actions.map((action) => action.key).join();
    if (now === this.#open.buttons) {
      return;
    }
    const focused = parts.buttons.contains(document.activeElement);
    this.#open.buttons = now;
    fill(
      parts.buttons,
      actions.map((action, place) =>
        el(
          'button',
          {
            type: 'button',
            class: action.isEnd ? 'danger' : null,
            focus: () => (this.#open.place = place),
            click: () => this.#ask(api, action),
          },
          action.verb,
        ),
      ),
      actions.length === 0 ? el('p', { class: 'note' }, 'Your token may look and change nothing.') : null,
    );
    if (focused) {
      this.#focusButton();
    }
  }

  /** The one that has the place of the one that had the focus last: Unprotect has that of Protect. */
  #focusButton() {
    const { parts, place } = this.#open;
    parts.buttons.children[Math.min(place, parts.buttons.childElementCount - 1)]?.focus();
  }

  #ask(api, action) {
    const environment = this.#store.environments.get(this.#open?.name);
    if (environment !== undefined) {
      const { dialog } = this.#open;
      this.#act(api, { ...action, title: `${action.verb} ${environment.name}` }, environment, (task) => {
        if (action.isEnd && task === null) {
          this.#store.environments.delete(environment.name);
          this.#store.changed('environments');
        }
        if (action.isEnd) {
          dialog.close();
        } else if (this.#open?.dialog === dialog && !dialog.contains(document.activeElement)) {
          // The button that the focus would go back to has made place for another one.
          this.#focusButton();
        }
      });
    }
  }

  #showFacts(environment) {
    const storage = this.#store.sizeOf(environment);
    const whole = logicalBytes(environment, this.#store);
    const at = (instant, words) => (instant ? `${words}, ${moment(instant)}` : null);
    const facts = {
      Source: environment.source,
      'Data of': environment.data_time ? at(environment.data_time, ago(environment.data_time)) : 'not known',
      Snapshot: environment.snapshot,
      Owner: environment.owner ?? 'nobody',
      'Open sessions': String(environment.sessions),
      'Last used': at(environment.last_activity, ago(environment.last_activity)),
      Made: at(environment.created_at, ago(environment.created_at)),
      'Ends used or not': at(environment.expires_at, environment.expires_at && ahead(environment.expires_at)),
      'Ends if idle': at(environment.idle_drop_at, environment.idle_drop_at && ahead(environment.idle_drop_at)),
      'Kept until': at(environment.kept_until, environment.kept_until && ahead(environment.kept_until)),
      Protected: environment.protected ? 'yes: nothing automatic removes it' : 'no',
      'Own size': storage === null ? 'being measured' : bytes(storage.private_bytes),
      'Size of the whole': whole === null ? null : bytes(whole),
      Clone: environment.clone ?? 'lost with a crash of the host; the next connection makes it anew',
    };
    if (!environment.protected && end(environment) === null) {
      facts.Ends = 'never by itself';
    }
    const { parts } = this.#open;
    fill(
      parts.facts,
      Object.entries(facts)
        .filter(([, text]) => text !== null && text !== undefined)
        .map(([term, text]) => el('div', {}, el('dt', {}, term), el('dd', {}, text))),
    );
  }
}
