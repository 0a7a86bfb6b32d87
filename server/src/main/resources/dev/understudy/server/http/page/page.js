/** Puts the parts of the page together. */

import { creation, cutting, undropping } from './actions.js';
import { environmentPath, Problem } from './api.js';
import { ask, closeAll } from './dialog.js';
import { Details } from './details.js';
import { byId, setText } from './dom.js';
import { Feed } from './feed.js';
import { clock } from './format.js';
import { Savings } from './savings.js';
import { Session } from './session.js';
import { Sizes } from './sizes.js';
import { Sources } from './sources.js';
import { Store } from './store.js';
import { Table } from './table.js';
import { TaskList } from './tasks.js';
import { Trash } from './trash.js';

const READY_MILLIS = 15_000;

/** After which the event of a failure has come, too. */
const ECHO_MILLIS = 1_000;

const store = new Store();
const sizes = new Sizes(store);
const details = new Details(store, sizes, act);
new Table(store, (name) => api !== null && details.open(api, name), sizes);
new Savings(store, sizes);
new Sources(store, (source) => act(api, cutting(source), null));
new Trash(store, (trashed) => act(api, undropping(trashed, store), null));
new TaskList(store, (id) => feed?.dismiss(id));

/** Of who is signed in. */
let api = null;
let feed = null;
let lastHeard = null;

function begin(newApi, about) {
  api = newApi;
  store.about = about;
  store.changed('about');
  byId('sign-in').hidden = true;
  showSignedIn(true);
  const { name, role } = about.token;
  setText(byId('who'), name === role ? name : `${name} (${role})`);
  byId('create').hidden = !store.steers;
  feed = new Feed(api, store, connection);
  feed.start();
  sizes.use(api);
  findExample(api, about);
  byId('environments').focus({ preventScroll: true });
  showReady();
}

function leave() {
  feed.stop();
  feed = null;
  api = null;
  sizes.use(null);
  closeAll();
  store.clear();
  byId('banner').hidden = true;
  showSignedIn(false);
  showReady();
}

function showSignedIn(isSignedIn) {
  document.querySelectorAll('[data-signed-in]').forEach((part) => (part.hidden = !isSignedIn));
}

/** Says at all times whether what is shown is so. */
function connection({ state, problem, seconds }) {
  const word = { connected: 'live', paused: 'paused', waiting: 'not connected' }[state];
  const shown = byId('connection');
  shown.className = `connection connection-${state}`;
  setText(shown, word);
  const banner = byId('banner');
  if (state === 'connected') {
    lastHeard = null;
    banner.hidden = true;
    showReady();
    return;
  }
  lastHeard ??= new Date();
  // A stream that ends is opened again at once: no need to alarm anybody.
  if (state === 'waiting' && problem !== null && problem !== undefined) {
    const why = [problem.title, problem.detail, problem.hint].filter(Boolean).join('. ');
    const since = store.listed ? ` What is shown is of ${clock(lastHeard)}.` : '';
    setText(byId('banner-text'), `Not connected: ${why}${/[.!]$/.test(why) ? '' : '.'}${since}`);
    banner.title = `Next try in ${seconds} s`;
    banner.hidden = false;
    showReady();
  }
}

/**
 * Asks, and does it. Failures that are told in the dialog are told nowhere else.
 *
 * @param done called when it is done, with the task if it still goes on, or null
 */
function act(withApi, action, environment, done = () => {}) {
  const fields = action.fields.map((field) =>
    typeof field.value === 'function' ? { ...field, value: field.value(environment) } : field,
  );
  const currentFeed = feed;
  let task = null;
  ask(
    {
      title: action.title,
      text: action.text(environment),
      fields,
      verb: action.verb,
      isDangerous: action.isDangerous ?? false,
      typed: action.typed?.(environment) ?? null,
    },
    async (values) => {
      const unmute = currentFeed?.mute(action.operation, action.subject?.(environment, values) ?? environment.name);
      try {
        task = await action.send(withApi, environment, values);
        unmute?.(0);
      } catch (e) {
        unmute?.(ECHO_MILLIS);
        throw e;
      }
    },
    (isDone) => isDone && done(task),
  );
}

/** Of the first name that can be: a pattern with something in the place of what differs. */
async function findExample(withApi, { token, patterns }) {
  const name = patterns[0]?.replace('{role}', token.owner).replace('*', '1').toLowerCase();
  if (name === undefined) {
    return;
  }
  try {
    const { urls } = await withApi.get(`${environmentPath(name)}/urls`);
    if (withApi === api) {
      store.example = urls.psql ?? urls.url;
      store.changed('about');
    }
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
  }
}

async function showReady() {
  let text;
  try {
    const response = await fetch('readyz', { cache: 'no-store', credentials: 'omit' });
    text = response.ok ? 'ready' : ((await response.json()).title ?? 'not ready');
  } catch {
    text = 'cannot be reached';
  }
  const version = store.about === null ? '' : ` ${store.about.version}`;
  setText(byId('daemon'), `Understudy${version}: ${text}`);
}

byId('create').addEventListener('click', () => act(api, creation(store), null));
byId('try-now').addEventListener('click', () => feed?.retry());
setInterval(() => !document.hidden && showReady(), READY_MILLIS);
new Session(begin, leave).start();
showReady();
