/** Sources with their lag, and the time line of each one's snapshots. */

import { byId, el, fill, svg } from './dom.js';
import { age, ago, bytes, count, moment, span } from './format.js';

const AGES_MILLIS = 15_000;

/** After which a copy of which nothing is told any more is over. */
const COPY_MILLIS = 10_000;
const WIDTH = 300;
const MARGIN = 8;

export class Sources {
  #store;
  #cut;
  #shown = '';

  /**
   * @param cut called with the name of a source of which a snapshot is wanted
   */
  constructor(store, cut) {
    this.#store = store;
    this.#cut = cut;
    store.on(['sources', 'snapshots', 'environments', 'about', 'tasks'], () => this.#show());
    setInterval(() => !document.hidden && this.#show(), AGES_MILLIS);
  }

  #show() {
    const list = byId('source-list');
    const described = this.#store.sources.map((source) => this.#describe(source));
    // Most of what is told concerns no source; and who has the focus on a button keeps it.
    const now = JSON.stringify([described, this.#store.steersAll, this.#store.listed]);
    if (now === this.#shown) {
      return;
    }
    this.#shown = now;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.source : undefined;
    if (described.length === 0) {
      fill(list, el('p', { class: 'note' }, this.#store.listed ? 'The settings name none.' : ''));
    } else {
      fill(list, described.map((one) => this.#article(one)));
    }
    if (focused !== undefined) {
      [...list.querySelectorAll('button')].find((button) => button.dataset.source === focused)?.focus();
    }
  }

  #describe(source) {
    const snapshots = [...this.#store.snapshots.values()]
      .filter((snapshot) => snapshot.source === source.name)
      .sort((a, b) => Date.parse(b.data_time) - Date.parse(a.data_time));
    return {
      name: source.name,
      type: source.type,
      masked: source.masked,
      health: health(source),
      copying: copying(this.#store.copies.get(source.name)),
      cutting: this.#isCutting(source.name),
      snapshots: snapshots.map((snapshot) => ({
        id: snapshot.id,
        at: Date.parse(snapshot.data_time),
        users: this.#users(snapshot.id),
        age: age(snapshot.data_time),
        moment: moment(snapshot.data_time),
        facts: [
          bytes(snapshot.bytes),
          `PostgreSQL ${snapshot.version}`,
          snapshot.masked ? 'masked' : 'not masked',
          snapshot.databases.join(', '),
        ],
      })),
    };
  }

  #users(snapshot) {
    let users = 0;
    for (const environment of this.#store.environments.values()) {
      users += environment.snapshot === snapshot ? 1 : 0;
    }
    return users;
  }

  #isCutting(source) {
    return [...this.#store.tasks.values()].some(
      (task) => task.operation === 'SNAPSHOT SOURCE' && task.subject === source && task.state === 'running',
    );
  }

  #article(source) {
    return el(
      'article',
      { class: 'source', 'data-name': source.name },
      el(
        'h3',
        {},
        source.name,
        el('span', { class: 'sub' }, source.type),
        source.masked ? null : el('span', { class: 'tag warn' }, 'unmasked'),
      ),
      el('p', { class: `state ${source.health.isBad ? 'state-failed' : 'state-running'}` }, source.health.text),
      source.health.more === null ? null : el('p', { class: 'note' }, source.health.more),
      source.copying === null ? null : el('p', { class: 'state state-working' }, source.copying),
      source.snapshots.length === 0 ? null : timeLine(source.snapshots),
      source.snapshots.length === 0
        ? el('p', { class: 'note' }, 'No snapshot: no environment can be made of it yet.')
        : el('ol', { class: 'snapshots plain' }, source.snapshots.map(entry)),
      this.#store.steersAll
        ? el(
            'button',
            {
              type: 'button',
              class: 'quiet',
              'data-source': source.name,
              disabled: source.cutting,
              'aria-label': `${source.cutting ? 'A snapshot is being cut' : 'Cut a snapshot'} of ${source.name}`,
              click: () => this.#cut(source.name),
            },
            source.cutting ? 'A snapshot is being cut' : 'Cut a snapshot',
          )
        : null,
    );
  }
}

function health(source) {
  const serving =
    source.snapshots > 0
      ? `Its snapshots go on serving; the newest is of ${ago(source.data_time)}.`
      : 'The log of Understudy has the reason.';
  if (source.connected === false) {
    return { isBad: true, text: 'down: production cannot be reached', more: serving };
  }
  if (source.failure !== null) {
    return {
      isBad: true,
      text: `no snapshot could be cut ${ago(source.failure.at)}`,
      more: `${source.failure.message}. ${serving}`,
    };
  }
  if (source.connected === true) {
    const lag = source.lag_seconds === null ? '' : `, lag ${span(source.lag_seconds)}`;
    const behind = source.lag_bytes > 0 ? ` (${bytes(source.lag_bytes)} of WAL)` : '';
    return { isBad: false, text: `follows production${lag}${behind}`, more: null };
  }
  if (source.snapshots === 0) {
    return { isBad: true, text: 'no snapshot', more: 'The log of Understudy has the reason.' };
  }
  return { isBad: false, text: `newest data is ${age(source.data_time)} old`, more: null };
}

/** How far a copy of production is, or null where none is under way. */
function copying(copy) {
  return copy === undefined || copy.bytes >= copy.total || Date.now() - copy.at > COPY_MILLIS
    ? null
    : `${copy.work === 'mask' ? 'masking its copy' : 'copying production'}: ${bytes(copy.bytes)} of ${bytes(copy.total)}`;
}

function entry(snapshot) {
  return el(
    'li',
    {},
    el('span', { title: snapshot.id }, `${snapshot.age} old`),
    el('span', { class: 'sub' }, snapshot.moment),
    el('span', { class: 'sub' }, snapshot.facts.filter(Boolean).join(' · ')),
    el('span', { class: 'sub' }, snapshot.users === 0 ? 'unused' : count(snapshot.users, 'environment', 'environments')),
  );
}

/** From the oldest to now; the list below says the same. */
function timeLine(snapshots) {
  const now = Date.now();
  const oldest = Math.min(...snapshots.map((snapshot) => snapshot.at), now - 60_000);
  const x = (at) => MARGIN + ((at - oldest) / (now - oldest)) * (WIDTH - 2 * MARGIN);
  return svg(
    'svg',
    { class: 'time-line', viewBox: `0 0 ${WIDTH} 31`, 'aria-hidden': 'true' },
    svg('line', { x1: MARGIN, x2: WIDTH - MARGIN, y1: 10, y2: 10, class: 'axis' }),
    snapshots.map((snapshot) =>
      svg('circle', {
        cx: x(snapshot.at).toFixed(1),
        cy: 10,
        r: 3 + Math.min(4, Math.sqrt(snapshot.users)),
        class: snapshot.users > 0 ? 'dot used' : 'dot',
      }),
    ),
    svg('line', { x1: WIDTH - MARGIN, x2: WIDTH - MARGIN, y1: 4, y2: 16, class: 'axis' }),
    svg('text', { x: WIDTH - MARGIN, y: 26, class: 'tick', 'text-anchor': 'end' }, 'now'),
    svg('text', { x: MARGIN, y: 26, class: 'tick' }, `${span((now - oldest) / 1000)} ago`),
  );
}
