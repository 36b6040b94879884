import type { MailingRiskCause } from '../api/documents';

/** As much of a mailing as its risk is judged by. */
export interface Judged<Risk> {
  readonly risk: Risk | null;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly progress: { readonly estimatedFinishAt: string | null };
}

const YOUNG_MS = 120_000;

/**
 * What to say of a mailing that will miss its end. That one is too slow is judged by its best quarter of an hour: not
 * by the first minutes, which hold less than they seem to, and not against what is seen just now.
 */
export function credibleRisk<Risk extends { readonly cause: MailingRiskCause }>(
  mailing: Judged<Risk>,
  now: number,
): Risk | null {
  const { risk, startsAt, endsAt, progress } = mailing;
  if (risk?.cause !== 'TOO_SLOW') return risk;
  if (now - Date.parse(startsAt) < YOUNG_MS) return null;
  const isInTime = progress.estimatedFinishAt && Date.parse(progress.estimatedFinishAt) <= Date.parse(endsAt);
  return isInTime ? null : risk;
}
