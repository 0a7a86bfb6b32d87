/** A picture of what copy-on-write saves: all environments as whole copies, and as they are. */

import { byId, el, fill, setText } from './dom.js';
import { bytes, count, percent } from './format.js';

/** Of an environment as a whole: what a copy of its snapshot would take; null where that is not known. */
export function logicalBytes(environment, store) {
  const snapshot = store.snapshots.get(environment.snapshot);
  if (snapshot !== undefined) {
    return snapshot.bytes;
  }
  const storage = store.sizeOf(environment);
  return storage === null ? null : storage.private_bytes + storage.shared_bytes;
}

/** Sums over all environments; of those that are not measured yet, as much as the others have on average. */
export function sums(store) {
  let measured = 0;
  let copies = 0;
  let own = 0;
  for (const environment of store.environments.values()) {
    const storage = store.sizeOf(environment);
    if (storage !== null) {
      measured += 1;
      own += storage.private_bytes;
    }
    copies += logicalBytes(environment, store) ?? 0;
  }
  const all = store.environments.size;
  let snapshots = 0;
  for (const snapshot of store.snapshots.values()) {
    snapshots += snapshot.bytes;
  }
  return { all, measured, copies, own: measured === 0 ? 0 : (own / measured) * all, snapshots };
}

export class Savings {
  #store;
  #sizes;
  #text = el('p');
  #copies = bar('copies');
  #taken = bar('taken');
  #note = el('p', { class: 'note' });
  #measure;

  constructor(store, sizes) {
    this.#store = store;
    this.#sizes = sizes;
    this.#measure = el('button', { type: 'button', class: 'quiet', click: () => this.#measureAll() }, 'Measure all');
    fill(
      byId('savings-picture'),
      this.#text,
      el('div', { class: 'bars' }, this.#copies.node, this.#taken.node),
      this.#note,
      this.#measure,
    );
    store.on(['environments', 'snapshots', 'sizes'], () => this.#show());
  }

  #measureAll() {
    this.#sizes.wantAll();
    this.#show();
  }

  #show() {
    const { all, measured, copies, own, snapshots } = sums(this.#store);
    const taken = own + snapshots;
    const isKnown = measured > 0;
    this.#copies.node.parentElement.hidden = !isKnown;
    setText(this.#text, summary({ all, measured, copies, own, taken }));
    if (isKnown) {
      const most = Math.max(copies, taken);
      this.#copies.show(`As whole copies: ${bytes(copies)}`, [['whole', copies / most]]);
      const about = measured < all ? 'about ' : '';
      const shared = `${bytes(snapshots)} of ${count(this.#store.snapshots.size, 'snapshot', 'snapshots')}`;
      this.#taken.show(
        `As clones: ${about}${bytes(taken)}, of that ${shared} and ${about}${bytes(own)} of their own`,
        [
          ['shared', snapshots / most],
          ['own', own / most],
        ],
      );
    }
    setText(
      this.#note,
      isKnown && measured < all
        ? `${measured} of ${all} are measured, those in sight first; the others are taken for average.`
        : '',
    );
    this.#measure.hidden = measured >= all || !isKnown;
    this.#measure.disabled = this.#sizes.isMeasuring;
  }
}

function summary({ all, measured, copies, own, taken }) {
  if (all === 0) {
    return 'Nothing yet: there is no environment.';
  }
  if (measured === 0) {
    return 'Their sizes are being measured.';
  }
  const environments = count(all, 'environment', 'environments');
  if (own > copies / 2) {
    return `${environments}: nothing. Clones share no blocks with their snapshots here; understudy doctor says what would help.`;
  }
  if (taken >= copies) {
    return `${environments}: nothing yet. A snapshot is there once, however many environments share it.`;
  }
  const about = measured < all ? 'about ' : '';
  return `${environments} in ${about}${percent(taken / copies)} of the space of whole copies.`;
}

/** A bar with its words above it; the words say all that the bar does. */
function bar(kind) {
  const text = el('span', { class: 'bar-text' });
  const track = el('span', { class: 'track', 'aria-hidden': 'true' });
  return {
    node: el('div', { class: `stack stack-${kind}` }, text, track),
    show(words, parts) {
      setText(text, words);
      fill(
        track,
        parts.map(([name, share]) => {
          const part = el('span', { class: `part part-${name}` });
          part.style.width = `${(share * 100).toFixed(2)}%`;
          return part;
        }),
      );
    },
  };
}
