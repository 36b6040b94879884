/** The mailings under way, from two sources: a list that is asked for every few seconds, and what is heard live. */

import type { ActiveMailingsSubscription, OverviewMailingFragment, ProgressFragment } from '../api/documents';

export type Heard = ActiveMailingsSubscription['activeMailingsProgress'];

/** The newest that was heard of each mailing, by its id, and when that was by this machine's clock. */
export type Live = ReadonlyMap<string, { readonly state: Heard; readonly at: number }>;

/** A mailing as it is now. Whether it will miss its end is known from the list alone. */
export interface Followed extends Omit<OverviewMailingFragment, 'progress'> {
  readonly progress: ProgressFragment;
}

export interface Following {
  /** Running or paused, the newest first. */
  readonly active: readonly Followed[];
  /** Those that came to their end while somebody was looking on, the latest first. */
  readonly ended: readonly Followed[];
}

export const MOST_SHOWN = 20;
const MOST_ENDED = 5;

export function hear(live: Live, news: readonly Heard[], at: number): Live {
  const next = new Map(live);
  for (const state of news) {
    // The one that ended last must be the last, too.
    next.delete(state.mailing.id);
    next.set(state.mailing.id, { state, at });
  }
  return next;
}

/** `askedAt` is when the list was asked for: what is not in it, and was not heard of since, is not under way any more. */
export function follow(listed: readonly OverviewMailingFragment[], live: Live, askedAt: number): Following {
  const known = new Set(listed.map(({ id }) => id));
  const begun = [...live.values()].filter(({ state, at }) => !known.has(state.mailing.id) && at > askedAt);
  const now = [
    ...listed.map((mailing) => brought(mailing, live.get(mailing.id)?.state)),
    ...begun.map(({ state }) => followed(state, null)),
  ];
  return {
    active: now.filter(isActive).sort(newestFirst).slice(0, MOST_SHOWN),
    ended: [...live.values()]
      .map(({ state }) => followed(state, null))
      .filter((mailing) => !isActive(mailing))
      .slice(-MOST_ENDED)
      .reverse(),
  };
}

function brought(mailing: OverviewMailingFragment, heard: Heard | undefined): Followed {
  const isNewer = heard && Date.parse(heard.updatedAt) > Date.parse(mailing.progress.updatedAt);
  return isNewer ? followed(heard, mailing.risk) : mailing;
}

function followed({ mailing, ...progress }: Heard, risk: OverviewMailingFragment['risk']): Followed {
  return { ...mailing, progress, risk };
}

function isActive({ status }: Followed): boolean {
  return status === 'RUNNING' || status === 'PAUSED';
}

function newestFirst(one: Followed, other: Followed): number {
  return numberOf(other) - numberOf(one);
}

/** mailing_7 → 7. */
function numberOf({ id }: Followed): number {
  return Number(id.slice(id.lastIndexOf('_') + 1));
}
