/** Whether and why, in a sentence of the page's language. */

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import type { ExplanationCause, ExplanationOutcome } from '../api/documents';
import type { english } from '../i18n/english';

type CauseKey = keyof (typeof english)['explanation']['cause'];

/** Causes that mean another thing with another outcome. */
const WITH_OUTCOME: Partial<Record<ExplanationCause, Partial<Record<ExplanationOutcome, CauseKey>>>> = {
  MAILING_ENDED: { WILL_NOT_BE_SENT: 'MAILING_ENDS_TOO_SOON' },
  MAILING_DELETED: { UNKNOWN: 'MAILING_DELETED_AFTER_START' },
  FILTER: { WILL_NOT_BE_SENT: 'FILTER_NOW' },
};

interface Judgement {
  readonly outcome: ExplanationOutcome;
  readonly cause: ExplanationCause;
  /** In the API's own words, which are English. */
  readonly text: string;
}

export function useCauseText(): (judgement: Judgement) => string {
  const { t } = useTranslation('explanation');
  return (judgement) => causeText(judgement, t);
}

/** The API's own words stand in for causes that are newer than this page. */
export function causeText({ outcome, cause, text }: Judgement, t: TFunction<'explanation'>): string {
  const key = WITH_OUTCOME[cause]?.[outcome] ?? cause;
  return t(`cause.${key}`, { defaultValue: text });
}

interface Match {
  readonly filter: { readonly operatorCodes: readonly string[]; readonly tags: readonly string[] };
  readonly operatorCode: string;
  readonly tag: string;
}

/** What of a client the filter does not let in, a sentence for each. */
export function mismatches({ filter, operatorCode, tag }: Match, t: TFunction<'explanation'>): string[] {
  const said: string[] = [];
  const named = (value: string) => value || t('filter.noTag');
  if (filter.operatorCodes.length > 0 && !filter.operatorCodes.includes(operatorCode)) {
    said.push(t('mismatch.code', { wanted: listed(filter.operatorCodes), own: operatorCode }));
  }
  if (filter.tags.length > 0 && !filter.tags.includes(tag)) {
    said.push(t('mismatch.tag', { wanted: listed(filter.tags.map(named)), own: named(tag) }));
  }
  return said;
}

const MOST_LISTED = 5;

function listed(values: readonly string[]): string {
  return values.slice(0, MOST_LISTED).join(', ') + (values.length > MOST_LISTED ? ', …' : '');
}
