/**
 * When a window of the client's day is open, in moments. Reckoned as the service does: what counts is what the wall clock
 * in the client's zone shows at each moment, so days on which clocks change need no rule of their own.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `HH:MM` each; it crosses midnight if it closes before it opens. */
export interface Window {
  readonly opensAt: string;
  readonly closesAt: string;
}

/** Milliseconds since 1970, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The spans within [from, until) in which the window is open there; null for a zone that this browser does not know. */
export function openSpans(window: Window | null, zone: string, from: number, until: number): readonly Span[] | null {
  if (from >= until) return [];
  const offset = offsetIn(zone);
  if (!offset) return null;
  if (!window) return [{ from, until }];
  const spans: Span[] = [];
  for (const steady of steadySpans(offset, from, until)) {
    for (const span of spansOfDays(window, steady, offset(steady.from))) append(spans, span);
  }
  return spans;
}

/** How far the zone's clock is ahead of UTC at that moment; null for an unknown zone. */
export function offsetAt(zone: string, at: number): number | null {
  return offsetIn(zone)?.(at) ?? null;
}

function* spansOfDays({ opensAt, closesAt }: Window, { from, until }: Span, offset: number): Generator<Span> {
  const opens = sinceMidnight(opensAt);
  const closes = sinceMidnight(closesAt) + (closesAt < opensAt ? DAY_MS : 0);
  // From the day before: what opened then may be open past midnight.
  for (let day = Math.floor((from + offset) / DAY_MS) - 1; day * DAY_MS - offset < until; day += 1) {
    const midnight = day * DAY_MS - offset;
    const span = { from: Math.max(midnight + opens, from), until: Math.min(midnight + closes, until) };
    if (span.from < span.until) yield span;
  }
}

type Offset = (at: number) => number;

/** Cut at each change of the zone's clock, to the minute. No zone changes its clock twice within an hour. */
function* steadySpans(offset: Offset, from: number, until: number): Generator<Span> {
  let begin = from;
  let held = offset(from);
  for (let at = from; at < until; at += HOUR_MS) {
    const next = Math.min(at + HOUR_MS, until);
    const then = offset(next);
    if (then === held) continue;
    const change = firstMinuteAfterChange(offset, at, next);
    yield { from: begin, until: change };
    begin = change;
    held = then;
  }
  if (begin < until) yield { from: begin, until };
}

function firstMinuteAfterChange(offset: Offset, before: number, after: number): number {
  let low = Math.floor(before / MINUTE_MS);
  let high = Math.ceil(after / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle * MINUTE_MS) === offset(before)) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last && last.until === span.from) spans[spans.length - 1] = { from: last.from, until: span.until };
  else spans.push(span);
}

function sinceMidnight(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * HOUR_MS + (minutes ?? 0) * MINUTE_MS;
}

const clocks = new Map<string, Offset | null>();

function offsetIn(zone: string): Offset | null {
  let offset = clocks.get(zone);
  if (offset === undefined) {
    offset = clockOf(zone);
    clocks.set(zone, offset);
  }
  return offset;
}

function clockOf(zone: string): Offset | null {
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    return null;
  }
  return (at) => {
    const shown: Record<string, number> = {};
    for (const { type, value } of clock.formatToParts(at)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  };
}
