/** Numbers and moments as the language of the page writes them. */

import { useTranslation } from 'react-i18next';

const MINUTE_MS = 60_000;

export interface Format {
  number: (value: number) => string;
  /** A share between 0 and 1, as a percentage. Never "100 %" of what is not all, nor "0 %" of what is not none. */
  share: (part: number, whole: number) => string;
  /** Date and time to the minute, in a zone or in the viewer's. */
  moment: (iso: string, timezone?: string) => string;
  /** To the second, for what machines did. */
  preciseMoment: (iso: string, timezone?: string) => string;
  /** The clock alone. */
  time: (iso: string, timezone?: string) => string;
  date: (iso: string, timezone?: string) => string;
  /** No more than it takes near a moment, which is now if it is left out: the clock alone of the same day. */
  near: (iso: string, now?: number) => string;
  /** "in 5 minutes", "2 hours ago". */
  distance: (iso: string, now?: number) => string;
  /** "2 min 5 s". */
  duration: (milliseconds: number) => string;
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return formatFor(i18n.language);
}

const formats = new Map<string, Format>();

/** One for each language: each cell of a long table would make its own otherwise, which takes longer than to use it. */
export function formatFor(language: string): Format {
  const known = formats.get(language);
  if (known) return known;
  const format = newFormat(language);
  formats.set(language, format);
  return format;
}

function newFormat(language: string): Format {
  const numbers = new Intl.NumberFormat(language);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const at = (options: Intl.DateTimeFormatOptions) => {
    const known = new Map<string | undefined, Intl.DateTimeFormat>();
    return (iso: string, timeZone?: string) => {
      let format = known.get(timeZone);
      if (!format) {
        format = new Intl.DateTimeFormat(language, { ...options, hourCycle: 'h23', ...(timeZone ? { timeZone } : {}) });
        known.set(timeZone, format);
      }
      return format.format(new Date(iso));
    };
  };
  return {
    number: (value) => numbers.format(value),
    share: (part, whole) => share(language, part, whole),
    moment: at({ dateStyle: 'medium', timeStyle: 'short' }),
    preciseMoment: at({ dateStyle: 'medium', timeStyle: 'medium' }),
    time: at({ hour: '2-digit', minute: '2-digit' }),
    date: at({ dateStyle: 'medium' }),
    near: near(language),
    distance: (iso, now = Date.now()) => distance(relative, new Date(iso).getTime() - now),
    duration: (milliseconds) => duration(language, milliseconds),
  };
}

function near(language: string): Format['near'] {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  const formats = [time, { ...day, ...time }, { ...day, ...time, year: 'numeric' } as const].map(
    (options) => new Intl.DateTimeFormat(language, options),
  );
  return (iso, now = Date.now()) => {
    const [moment, here] = [new Date(iso), new Date(now)];
    const isThisYear = moment.getFullYear() === here.getFullYear();
    const format = moment.toDateString() === here.toDateString() ? 0 : isThisYear ? 1 : 2;
    return formats[format]?.format(moment) ?? iso;
  };
}

function share(language: string, part: number, whole: number): string {
  const rounded = whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 1_000;
  const honest = part < whole ? Math.min(rounded, 0.999) : rounded;
  const shown = part > 0 ? Math.max(honest, 0.001) : honest;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(shown);
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
  ['second', 1_000],
];

function distance(relative: Intl.RelativeTimeFormat, milliseconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(milliseconds) >= size) ?? ['second', 1_000];
  return relative.format(Math.round(milliseconds / size), unit);
}

function duration(language: string, milliseconds: number): string {
  if (milliseconds < 1_000) return amount(language, 'millisecond', Math.round(milliseconds));
  const parts = UNITS.map(([unit, size], place) => {
    const next = UNITS[place - 1]?.[1] ?? Number.POSITIVE_INFINITY;
    return [unit, Math.floor((milliseconds % next) / size)] as const;
  }).filter(([, value]) => value > 0);
  // Two are enough for people: nobody needs the seconds of a day.
  return parts
    .slice(0, 2)
    .map(([unit, value]) => amount(language, unit, value))
    .join(' ');
}

function amount(language: string, unit: string, value: number): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
