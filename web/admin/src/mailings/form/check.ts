/** What is wrong with the form's values, as far as it can be told without the API, which has the last word. */

import type { TFunction } from 'i18next';

import { fromLocal } from './local-moment';
import { startOf, type Values } from './values';

export const MAX_TEXT_LENGTH = 1_000;
const MAX_TAG_LENGTH = 100;
const MAX_FILTER_VALUES = 100;
export const MAX_RATE = 100_000;

const OPERATOR_CODE = /^[0-9]{1,8}$/;

type Errors = Partial<Record<string, string>>;

/** Every problem by its field's path; an empty record if there is none. `hasStarted`: the start is as it was. */
export function check(values: Values, hasStarted: boolean, now: number, t: TFunction<'mailings'>): Errors {
  return {
    ...checkText(values.text, t),
    ...checkFilter(values.filter, t),
    ...checkPeriod(values, hasStarted, now, t),
    ...checkWindow(values, t),
    ...checkRate(values.maxRate, t),
  };
}

function checkText(text: string, t: TFunction<'mailings'>): Errors {
  if (text.trim() === '') return { text: t('form.problem.blank') };
  // As the API counts: what lies outside of the first 65,536 characters is one, too.
  const length = [...text].length;
  return length > MAX_TEXT_LENGTH ? { text: t('form.problem.long', { length, most: MAX_TEXT_LENGTH }) } : {};
}

function checkFilter({ operatorCodes, tags, untagged }: Values['filter'], t: TFunction<'mailings'>): Errors {
  const errors: Errors = {};
  const strange = operatorCodes.filter((code) => !OPERATOR_CODE.test(code));
  if (strange.length > 0) errors['filter.operatorCodes'] = t('form.problem.code', { codes: strange.join(', ') });
  else if (operatorCodes.length > MAX_FILTER_VALUES) errors['filter.operatorCodes'] = tooMany(operatorCodes.length, t);
  const longTag = tags.find((tag) => [...tag].length > MAX_TAG_LENGTH);
  const chosen = tags.length + (untagged ? 1 : 0);
  if (longTag) errors['filter.tags'] = t('form.problem.tag', { tag: longTag, most: MAX_TAG_LENGTH });
  else if (chosen > MAX_FILTER_VALUES) errors['filter.tags'] = tooMany(chosen, t);
  return errors;
}

function tooMany(given: number, t: TFunction<'mailings'>): string {
  return t('form.problem.many', { most: MAX_FILTER_VALUES, given });
}

function checkPeriod(values: Values, hasStarted: boolean, now: number, t: TFunction<'mailings'>): Errors {
  const errors: Errors = {};
  const starts = startOf(values, now);
  const ends = fromLocal(values.endsAt);
  if (!starts && !hasStarted) errors.startsAt = t('form.problem.moment');
  if (!ends) errors.endsAt = t('form.problem.moment');
  else if (Date.parse(ends) <= now) errors.endsAt = t('form.problem.past');
  else if (starts && ends <= starts) errors.endsAt = t('form.problem.order');
  return errors;
}

function checkWindow({ hasWindow, window: { opensAt, closesAt } }: Values, t: TFunction<'mailings'>): Errors {
  const errors: Errors = {};
  if (!hasWindow) return errors;
  if (!opensAt) errors['window.opensAt'] = t('form.problem.time');
  if (!closesAt) errors['window.closesAt'] = t('form.problem.time');
  else if (opensAt === closesAt) errors['window.closesAt'] = t('form.problem.same');
  return errors;
}

function checkRate(rate: number | '', t: TFunction<'mailings'>): Errors {
  const isSound = rate === '' || (Number.isInteger(rate) && rate >= 1 && rate <= MAX_RATE);
  return isSound ? {} : { maxRate: t('form.problem.rate', { most: MAX_RATE }) };
}
