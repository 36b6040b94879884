import { type UseFormReturnType, useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { check } from './check';
import type { Values } from './values';

export type FormOfMailing = UseFormReturnType<Values, Values>;

/** The state of one form, with what is wrong with it in the language of the page. */
export function useFormOfMailing(initialValues: Values, hasStarted: boolean): FormOfMailing {
  const { t } = useTranslation('mailings');
  return useForm<Values>({
    initialValues,
    validate: (values) => ({ ...check(values, hasStarted, Date.now(), t) }),
    validateInputOnChange: ['filter.operatorCodes', 'filter.tags'],
  });
}

/** To the first field with a problem, once that is on the screen. */
export function showProblems(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus());
}
