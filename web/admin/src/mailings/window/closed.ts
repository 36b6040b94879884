/** Whether all messages of a mailing that wait, wait for its window. */

import type { MailingWindowQuery } from '../../api/documents';
import { openSpans, type Window } from './opening';

/** A window opens within two days wherever it opens at all. */
const HORIZON_MS = 48 * 3_600_000;

export type Windowed = NonNullable<MailingWindowQuery['mailing']>;

export interface Closed {
  /** When it opens for the first of them, in milliseconds since 1970; null: not before the end. */
  readonly opensAt: number | null;
  /** How many messages it opens for then. */
  readonly first: number;
  /** How many wait. */
  readonly waiting: number;
}

/** Null where the window is open for somebody who waits, or nobody waits, or there is none. */
export function closedAt({ window, endsAt, statistics }: Windowed, now: number): Closed | null {
  if (!window) return null;
  const zones = statistics.byTimezone
    .map((zone) => ({ waiting: pendingOf(zone), opensAt: opening(window, zone.value, now) }))
    .filter(({ waiting }) => waiting > 0);
  if (zones.length === 0 || zones.some(({ opensAt }) => opensAt === now)) return null;
  const opensAt = Math.min(...zones.map((zone) => zone.opensAt));
  return {
    opensAt: opensAt < Date.parse(endsAt) ? opensAt : null,
    first: sum(zones.filter((zone) => zone.opensAt === opensAt)),
    waiting: sum(zones),
  };
}

/** Never in a zone that nobody knows, as the service has it. */
function opening(window: Window, zone: string, now: number): number {
  return openSpans(window, zone, now, now + HORIZON_MS)?.[0]?.from ?? Number.POSITIVE_INFINITY;
}

function pendingOf({ byStatus }: Windowed['statistics']['byTimezone'][number]): number {
  return byStatus.find(({ status }) => status === 'PENDING')?.count ?? 0;
}

function sum(zones: readonly { readonly waiting: number }[]): number {
  return zones.reduce((total, { waiting }) => total + waiting, 0);
}
