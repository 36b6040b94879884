import type { MailingRiskCause } from '../api/documents';

/** As much of a mailing as its risk is judged by. */
export interface Judged<Risk> {
  readonly risk: Risk | null;
  readonly endsAt: string;
  readonly progress: { readonly estimatedFinishAt: string | null };
}

/**
 * What to say of a mailing that will miss its end. That one is too slow is judged by its best quarter of an hour: not
 * against what is seen just now.
 */
export function credibleRisk<Risk extends { readonly cause: MailingRiskCause }>(mailing: Judged<Risk>): Risk | null {
  const { risk, endsAt, progress } = mailing;
  if (risk?.cause !== 'TOO_SLOW') return risk;
  const isInTime = progress.estimatedFinishAt && Date.parse(progress.estimatedFinishAt) <= Date.parse(endsAt);
  return isInTime ? null : risk;
}
