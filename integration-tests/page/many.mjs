// Answers of the API for very many environments, which would take too long to make.

const NOW = Date.now();
const at = (seconds) => new Date(NOW + seconds * 1000).toISOString();
const OWNERS = ['app', 'ci', 'anna', 'bela', 'dora', null];
const LABELS = [null, 'the new checkout', null, 'nightly regression', 'for QA: refunds, before the release', null];
const STATES = ['running', 'suspended', 'suspended', 'suspended', 'running', 'suspended', 'failed'];

export const snapshots = [
  { id: 's3', source: 'prod', data_time: at(-2 * 3600), bytes: 412_000_000_000, masked: true },
  { id: 's2', source: 'prod', data_time: at(-26 * 3600), bytes: 409_000_000_000, masked: true },
  { id: 's1', source: 'prod', data_time: at(-50 * 3600), bytes: 405_500_000_000, masked: true },
  { id: 'b1', source: 'billing', data_time: at(-7 * 3600), bytes: 18_200_000_000, masked: false },
].map((one) => ({ ...one, created_at: one.data_time, version: '17.6', databases: ['shop'] }));

export const sources = [
  {
    name: 'billing', type: 'dump', snapshots: 1, data_time: at(-7 * 3600), lag_bytes: null, lag_seconds: null,
    connected: null, masked: false, spares: 0,
    failure: { at: at(-1_200), message: 'cannot connect to billing' },
  },
  {
    name: 'prod', type: 'standby', snapshots: 3, data_time: at(-2 * 3600), lag_bytes: 65_536, lag_seconds: 1,
    connected: true, masked: true, spares: 1, failure: null,
  },
];

export const environments = (number) =>
  Array.from({ length: number }, (_, i) => {
    const snapshot = snapshots[i % 11 === 0 ? 3 : (i * 7) % 3];
    const used = -(i * i * 37) % 200_000;
    return {
      name: i === 3 ? 'staging' : `pr-${1000 + i}`,
      state: STATES[i % STATES.length],
      source: snapshot.source,
      data_time: snapshot.data_time,
      snapshot: snapshot.id,
      clone: `c${i}`,
      sessions: i % 5 === 0 ? i % 9 : 0,
      owner: OWNERS[i % OWNERS.length],
      label: LABELS[i % LABELS.length],
      protected: i % 17 === 3,
      kept_until: null,
      created_at: at(used - 90_000),
      last_activity: at(used),
      expires_at: null,
      idle_drop_at: i % 17 === 3 ? null : at(used + 259_200),
      storage: null,
    };
  });

export const trash = [
  {
    name: 'pr-977', id: 'c977', reason: 'dropped', trashed_at: at(-900), gone_at: at(85_500), source: 'prod',
    owner: 'app', label: null,
  },
];

export const storage = (name) => ({
  private_bytes: 200_000 + (Number(name.replace(/\D/g, '')) % 97) * 3_100_000,
  shared_bytes: 412_000_000_000,
});

/** Answers of the lists and of single environments; null: of nothing that is known here. */
export function answer(path, number) {
  const page = (items) => ({ items, next_cursor: null });
  switch (path) {
    case 'environments':
      return page(environments(number));
    case 'sources':
      return page(sources);
    case 'snapshots':
      return page(snapshots);
    case 'trash':
      return page(trash);
    case 'tasks':
      return page([]);
    default: {
      const name = /^environments\/([^/]+)$/.exec(path)?.[1];
      const environment = environments(number).find((one) => one.name === name);
      return environment === undefined ? null : { ...environment, storage: storage(name) };
    }
  }
}
