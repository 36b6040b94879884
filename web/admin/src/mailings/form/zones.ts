/** In which zones of an audience a mailing's window is open when. */

import { offsetAt, openSpans, type Span, type Window } from '../window/opening';

const HOUR_MS = 3_600_000;

/** A window opens within two days wherever it opens at all, so who has to wait longer waits in vain. */
const HORIZON_MS = 48 * HOUR_MS;

/** Clients that share a zone, an operator code or a tag. */
export interface ClientGroup {
  readonly value: string;
  readonly total: number;
}

/** Zones of the same hours. */
export interface ZoneOpening {
  /** The largest first. */
  readonly zones: readonly string[];
  readonly clients: number;
  /** On the axis, also before the start and after the end. */
  readonly spans: readonly Span[];
  /** One whole opening, for its hours; null without a window, or where it is never open. */
  readonly hours: Span | null;
  /** From when on something is sent there; null for never. */
  readonly firstAt: number | null;
}

/** 24 hours from the hour on in which `start` lies. */
export function axisFrom(start: number): Span {
  const from = Math.floor(start / HOUR_MS) * HOUR_MS;
  return { from, until: from + 24 * HOUR_MS };
}

/** From west to east: the first to reach an hour of the day are at the bottom. `groups` begin with the largest. */
export function zoneOpenings(
  groups: readonly ClientGroup[],
  window: Window | null,
  period: Span,
): readonly ZoneOpening[] {
  const offset = ({ zones: [zone = ''] }: ZoneOpening) => offsetAt(zone, period.from) ?? 0;
  return merged(groups.map((group) => openingIn(group, window, period))).toSorted(
    (one, other) => offset(one) - offset(other) || other.clients - one.clients,
  );
}

function merged(openings: readonly ZoneOpening[]): ZoneOpening[] {
  const byHours = new Map<string, ZoneOpening>();
  for (const opening of openings) {
    const hours = JSON.stringify([opening.spans, opening.firstAt]);
    const known = byHours.get(hours);
    byHours.set(hours, known ? together(known, opening) : opening);
  }
  return [...byHours.values()];
}

function together(one: ZoneOpening, other: ZoneOpening): ZoneOpening {
  return { ...one, zones: [...one.zones, ...other.zones], clients: one.clients + other.clients };
}

function openingIn({ value: zone, total: clients }: ClientGroup, window: Window | null, period: Span): ZoneOpening {
  const axis = axisFrom(period.from);
  const spans = openSpans(window, zone, axis.from, axis.from + HORIZON_MS + HOUR_MS) ?? [];
  const reachable = spans.map((span) => overlap(span, period)).find((span) => span !== null);
  return {
    zones: [zone],
    clients,
    spans: spans.map((span) => overlap(span, axis)).filter((span) => span !== null),
    hours: window ? (spans.find((span) => span.from > axis.from) ?? null) : null,
    firstAt: reachable?.from ?? null,
  };
}

/** What both have; null for nothing. */
export function overlap(one: Span, other: Span): Span | null {
  const span = { from: Math.max(one.from, other.from), until: Math.min(one.until, other.until) };
  return span.from < span.until ? span : null;
}
