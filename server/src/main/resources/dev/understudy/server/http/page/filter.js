/** Which environments are shown, and in which order. */

import { end } from './format.js';

/** How each column compares; what is not known comes last, either way. */
const KEYS = {
  name: (one) => one.name,
  state: (one) => one.state,
  data: (one) => time(one.data_time),
  owner: (one) => one.owner,
  sessions: (one) => one.sessions,
  activity: (one) => time(one.last_activity),
  ends: (one) => time(end(one)),
  size: (one, store) => store.sizeOf(one)?.private_bytes ?? null,
};

const time = (instant) => (instant === null || instant === undefined ? null : Date.parse(instant));
const COLLATOR = new Intl.Collator('en', { numeric: true });

/** Whether an environment has every word in one of its texts. */
export function matches(environment, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return true;
  }
  const all = [
    environment.name,
    environment.label,
    environment.owner,
    environment.source,
    environment.state,
    environment.protected ? 'protected' : '',
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => all.includes(word));
}

/** A sorted copy. */
export function sorted(environments, { column, ascending }, store) {
  const key = KEYS[column];
  const direction = ascending ? 1 : -1;
  return environments
    .map((one) => [key(one, store) ?? null, one])
    .sort(([a, one], [b, other]) => {
      if (a === null || b === null) {
        return (a === null) - (b === null) || COLLATOR.compare(one.name, other.name);
      }
      const order = typeof a === 'number' ? a - b : COLLATOR.compare(a, b);
      return order * direction || COLLATOR.compare(one.name, other.name);
    })
    .map(([, one]) => one);
}
