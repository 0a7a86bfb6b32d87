/** Sizes, spans and moments as people read them. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Of bytes, in powers of 1,000. */
export function bytes(number) {
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)}\u00a0${UNITS[unit]}`;
}

const SPANS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
];

/** Of seconds, in its largest unit. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  for (const [unit, size] of SPANS) {
    if (whole >= size * (unit === 'd' ? 2 : 1)) {
      return `${Math.floor(whole / size)}\u00a0${unit}`;
    }
  }
  return `${whole}\u00a0s`;
}

const since = (instant) => (Date.now() - Date.parse(instant)) / 1000;

/** How long ago a moment was. */
export function ago(instant) {
  const seconds = since(instant);
  return seconds < 10 ? 'just now' : `${span(seconds)} ago`;
}

/** How old data of a moment is. */
export const age = (instant) => span(since(instant));

/** How long it is to a moment. */
export function ahead(instant) {
  const seconds = -since(instant);
  return seconds <= 0 ? 'now' : `in ${span(seconds)}`;
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** A moment in the time zone of the one who reads. */
export const moment = (instant) => MOMENT.format(new Date(instant));

/** The time of a day. */
export const clock = (date) => CLOCK.format(date);

export const count = (number, one, many) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

/** Of a part that is less than the whole. */
export const percent = (part) =>
  part < 0.01 ? `${(part * 100).toPrecision(1)}\u00a0%` : `${Math.min(99, Math.round(part * 100))}\u00a0%`;

/** When an environment ends by itself, whichever way comes first. */
export function end(environment) {
  if (environment.protected) {
    return null;
  }
  const ends = [environment.expires_at, environment.idle_drop_at].filter(Boolean);
  return ends.length === 0 ? null : ends.reduce((a, b) => (Date.parse(a) < Date.parse(b) ? a : b));
}
