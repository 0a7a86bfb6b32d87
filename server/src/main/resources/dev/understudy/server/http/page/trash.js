/** What can be had back. */

import { byId, el, fill } from './dom.js';
import { ago, ahead, count } from './format.js';

const AGES_MILLIS = 15_000;

/** More of them would be in the way; they are there, by the console and the API. */
const SHOWN = 20;

export class Trash {
  #store;
  #undrop;
  #shown = '';

  /**
   * @param undrop called with one that is wanted back
   */
  constructor(store, undrop) {
    this.#store = store;
    this.#undrop = undrop;
    store.on(['trash', 'about'], () => this.#show());
    setInterval(() => !document.hidden && this.#show(), AGES_MILLIS);
  }

  #show() {
    const { trash, steers } = this.#store;
    const now = JSON.stringify([
      trash.map((one) => [one.id, ago(one.trashed_at), ahead(one.gone_at)]),
      steers,
      this.#store.listed,
    ]);
    if (now === this.#shown) {
      return;
    }
    this.#shown = now;
    const list = byId('trash-list');
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : undefined;
    if (trash.length === 0) {
      fill(list, el('p', { class: 'note' }, this.#store.listed ? 'Empty.' : ''));
      return;
    }
    const names = new Set();
    fill(
      list,
      el(
        'ul',
        { class: 'plain trash' },
        trash.slice(0, SHOWN).map((one) => {
          // UNDROP takes the youngest of a name.
          const isYoungest = !names.has(one.name);
          names.add(one.name);
          return this.#entry(one, isYoungest && steers);
        }),
      ),
      trash.length > SHOWN
        ? el('p', { class: 'note' }, `and ${count(trash.length - SHOWN, 'older one', 'older ones')}`)
        : null,
    );
    if (focused !== undefined) {
      [...list.querySelectorAll('button')].find((button) => button.dataset.id === focused)?.focus();
    }
  }

  #entry(one, canHaveBack) {
    return el(
      'li',
      {},
      el(
        'span',
        {},
        el('strong', {}, one.name),
        el('span', { class: 'sub' }, `${one.reason} ${ago(one.trashed_at)}, gone ${ahead(one.gone_at)}`),
        one.label === null ? null : el('span', { class: 'sub label' }, one.label),
      ),
      canHaveBack
        ? el(
            'button',
            {
              type: 'button',
              class: 'quiet',
              'data-id': one.id,
              'aria-label': `Undrop ${one.name}`,
              click: () => this.#undrop(one),
            },
            'Undrop',
          )
        : null,
    );
  }
}
