/** What becomes of a form that was sent. */

import { useTranslation } from 'react-i18next';

import { fieldErrors, type InputProblem } from '../../api/problems';
import type { Outcome } from '../../api/send';
import { type FormOfMailing, showProblems } from './form-of-mailing';
import { FIELDS } from './values';

type Result =
  | { readonly __typename: 'Mailing'; readonly id: string }
  | { readonly __typename: 'InvalidInput'; readonly problems: readonly InputProblem[] }
  | { readonly __typename: 'NotFound' | 'MailingAlreadyStarted' | 'MailingAlreadyEnded' };

/**
 * Takes the outcome to where it belongs: problems beside their fields, a saved mailing to `onSaved`. What is neither is
 * given back as a sentence, and null otherwise.
 */
export function useSaving(form: FormOfMailing, element: () => HTMLFormElement | null, onSaved: (id: string) => void) {
  const { t } = useTranslation('mailings');
  return (outcome: Outcome<Result>): string | null => {
    if ('failure' in outcome) return outcome.failure;
    const { result } = outcome;
    if (result.__typename === 'InvalidInput') {
      const { '': rest, ...errors } = fieldErrors(result.problems, FIELDS);
      form.setErrors(errors);
      showProblems(element());
      return rest ?? null;
    }
    if (result.__typename !== 'Mailing') return t(`form.refused.${result.__typename}`);
    onSaved(result.id);
    return null;
  };
}
