import { useTranslation } from 'react-i18next';

import type { Outcome } from '../../api/send';

const FACTS = ['NotFound', 'MailingNotRunning', 'MailingNotPaused', 'MailingAlreadyEnded'] as const;

/** A function that says why a mailing was not steered; null if it was. */
export function useRefusal(): (outcome: Outcome<{ readonly __typename: string }>) => string | null {
  const { t } = useTranslation('mailing');
  return (outcome) => {
    if ('failure' in outcome) return outcome.failure;
    const fact = FACTS.find((name) => name === outcome.result.__typename);
    return fact ? t(`refused.${fact}`) : null;
  };
}
