/** What can be done, what it means in words, and how the API is asked for it. */

import { environmentPath } from './api.js';
import { ago } from './format.js';

const FORCE = {
  name: 'force',
  label: 'Also if somebody is in the middle of something',
  note: 'Their sessions end with 57P01.',
  isFlag: true,
};

const post = (verb, body) => (api, { name }, values) =>
  api.change('POST', `${environmentPath(name)}/${verb}`, body?.(values) ?? {});

const forced = ({ force }) => ({ force });

/** In the order of their buttons. Each is offered where `when` holds, or always. */
const ACTIONS = [
  {
    key: 'refresh',
    verb: 'Refresh',
    operation: 'REFRESH ENVIRONMENT',
    text: ({ name }) => [`${name} gets the data of the newest snapshot.`, 'What was written to it goes to the trash.'],
    fields: [FORCE],
    isDangerous: true,
    send: post('refresh', forced),
  },
  {
    key: 'reset',
    verb: 'Reset',
    operation: 'RESET ENVIRONMENT',
    text: ({ name, data_time: dataTime }) => [
      `${name} goes back to the data that it began with${dataTime === null ? '' : `, production's of ${ago(dataTime)}`}.`,
      'What was written to it goes to the trash.',
    ],
    fields: [FORCE],
    isDangerous: true,
    send: post('reset', forced),
  },
  {
    key: 'branch',
    verb: 'Branch',
    operation: 'CREATE ENVIRONMENT',
    subject: (_, values) => values.name,
    text: ({ name }) => [`A new environment with the data that ${name} has at this moment. ${name} goes on as it is.`],
    fields: [{ name: 'name', label: 'Name of the branch' }],
    send: (api, { name }, values) =>
      api.change('POST', 'environments', { name: values.name, from: { environment: name } }),
  },
  {
    key: 'extend',
    verb: 'Extend',
    operation: 'EXTEND ENVIRONMENT',
    text: ({ name }) => [`${name} is kept for so much longer, used or not.`],
    fields: [{ name: 'by', label: 'By', value: '2 days', note: 'Such as “8 hours”, “2 days” or “1 week”.' }],
    send: post('extend', ({ by }) => ({ by })),
  },
  {
    key: 'label',
    verb: 'Label',
    operation: 'COMMENT ON ENVIRONMENT',
    text: ({ name }) => [`What ${name} is for, in a few words.`],
    fields: [{ name: 'label', label: 'Label', isOptional: true, value: ({ label }) => label ?? '' }],
    send: (api, { name }, { label }) => api.change('PUT', `${environmentPath(name)}/label`, { label: label || null }),
  },
  {
    key: 'suspend',
    verb: 'Suspend',
    operation: 'SUSPEND ENVIRONMENT',
    when: ({ state }) => state === 'running',
    text: ({ name }) => [`${name} goes to sleep, with its data. The next connection wakes it.`],
    fields: [FORCE],
    send: post('suspend', forced),
  },
  {
    key: 'resume',
    verb: 'Resume',
    operation: 'RESUME ENVIRONMENT',
    when: ({ state }) => state === 'suspended' || state === 'stopped',
    text: ({ name }) => [`The server of ${name} starts, as it does when somebody connects.`],
    fields: [],
    send: post('resume'),
  },
  {
    key: 'protect',
    verb: 'Protect',
    operation: 'PROTECT ENVIRONMENT',
    when: (environment) => !environment.protected,
    text: ({ name }) => [`Nothing automatic removes ${name} nor changes its data, until it is unprotected.`],
    fields: [],
    send: post('protect'),
  },
  {
    key: 'unprotect',
    verb: 'Unprotect',
    operation: 'UNPROTECT ENVIRONMENT',
    when: (environment) => environment.protected,
    text: ({ name }) => [`${name} is dropped when its time is over, as the settings say.`],
    fields: [],
    send: post('unprotect'),
  },
  {
    key: 'drop',
    verb: 'Drop',
    operation: 'DROP ENVIRONMENT',
    text: ({ name, sessions }) => [
      `${name} goes to the trash, from which it can be had back for a while.`,
      ...(sessions === 0 ? [] : [`Its open sessions end: ${sessions}.`]),
    ],
    fields: [],
    isDangerous: true,
    isEnd: true,
    typed: (environment) => (environment.protected ? environment.name : null),
    send: (api, { name }) => api.change('DELETE', environmentPath(name)),
  },
];

/** What is offered for an environment. */
export const offered = (environment) => ACTIONS.filter((action) => action.when?.(environment) ?? true);

/** To make an environment. */
export const creation = (store) => ({
  verb: 'Create',
  title: 'Create an environment',
  operation: 'CREATE ENVIRONMENT',
  subject: (_, values) => values.name,
  text: () => ['Connecting makes it, too: this is for another origin, or to have it ready.'],
  fields: [
    { name: 'name', label: 'Name', note: `Names that can be: ${store.about.patterns.join(', ')}` },
    { name: 'origin', label: 'Data', value: '', options: origins(store) },
    { name: 'label', label: 'Label', isOptional: true, note: 'What it is for, in a few words.' },
    ...(store.steersAll
      ? [{ name: 'fresh', label: 'Cut a snapshot first', note: 'Takes its time.', isFlag: true }]
      : []),
  ],
  send: (api, _, { name, origin, label, fresh }) => {
    const [kind, ...rest] = origin.split(' ');
    return api.change('POST', 'environments', {
      name,
      ...(origin === '' ? {} : { from: { [kind]: rest.join(' ') } }),
      ...(label === '' ? {} : { label }),
      ...(fresh ? { fresh } : {}),
    });
  },
});

function origins(store) {
  const snapshots = [...store.snapshots.values()].sort((a, b) => Date.parse(b.data_time) - Date.parse(a.data_time));
  return [
    ['', 'as the settings say for its name'],
    ...store.sources.map(({ name }) => [`source ${name}`, `newest snapshot of ${name}`]),
    ...snapshots.map(({ id, source, data_time: time }) => [`snapshot ${id}`, `snapshot of ${source}, ${ago(time)}`]),
    ...[...store.environments.keys()].sort().map((name) => [`environment ${name}`, `branch of ${name}`]),
  ];
}

/** To have one of the trash back. */
export const undropping = (trashed, store) => ({
  verb: 'Undrop',
  title: `Undrop ${trashed.name}`,
  operation: 'UNDROP ENVIRONMENT',
  subject: () => trashed.name,
  text: () => [`${trashed.name} as it was ${ago(trashed.trashed_at)}, when it was ${trashed.reason}.`],
  fields: [{ name: 'as', label: 'Name', value: freeName(trashed.name, store), note: 'Another one where it is taken again.' }],
  send: (api, _, { as }) => api.change('POST', `${environmentPath(trashed.name)}/undrop`, { as }),
});

/** The same, or one like it where that is taken again. */
const freeName = (name, store) => (store.environments.has(name) ? `${name}-before` : name);

/** To cut a snapshot. */
export const cutting = (source) => ({
  verb: 'Cut a snapshot',
  title: `Cut a snapshot of ${source}`,
  operation: 'SNAPSHOT SOURCE',
  subject: () => source,
  text: () => ['New environments get its data. Those that there are stay as they are.'],
  fields: [],
  send: (api) => api.change('POST', `sources/${encodeURIComponent(source)}/snapshots`, {}),
});
