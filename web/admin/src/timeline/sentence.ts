/** What happened, in a few words of the page's language. */

import { useTranslation } from 'react-i18next';

import type { TimelineEntryPartsFragment } from '../api/documents';

export type SentenceParts = Pick<TimelineEntryPartsFragment, 'kind' | 'text' | 'status' | 'attempt' | 'until'>;

/** A function that names what happened. The API's own English sentence stands for kinds that this page does not know. */
export function useSentence(): (entry: SentenceParts) => string {
  const { t, i18n } = useTranslation('timeline');
  return ({ kind, text, status, attempt, until }) => {
    if (status) return t(`ended.${status}`);
    if (attempt) {
      const { number, outcome } = attempt;
      return t('tried', { number, outcome: t(`outcome.${outcome as 'ACCEPTED'}`, { defaultValue: outcome }) });
    }
    if (kind === 'MESSAGE_WINDOW_CLOSED' && !until) return t('neverOpen');
    return i18n.exists(`timeline:kind.${kind}`) ? t(`kind.${kind as 'MAILING_CREATED'}`) : text;
  };
}
