/** What the form holds, and what it is in the API's words. Fields are called as the API's, for its problems' paths. */

import type {
  CreateMailingInput,
  MailingFilterInput,
  MailingFormValuesFragment,
  UpdateMailingInput,
} from '../../api/documents';
import type { Window } from '../window/opening';
import { fromLocal, toLocal } from './local-moment';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface Values {
  text: string;
  start: 'AT_ONCE' | 'LATER';
  /** As a field of the type datetime-local has it, like `endsAt`. */
  startsAt: string;
  endsAt: string;
  filter: {
    operatorCodes: string[];
    tags: string[];
    /** Clients without a tag, too: the API's tag "". */
    untagged: boolean;
  };
  hasWindow: boolean;
  window: { opensAt: string; closesAt: string };
  maxRate: number | '';
}

/** The fields that have a place for what is wrong with them. */
export const FIELDS = [
  'text',
  'startsAt',
  'endsAt',
  'filter.operatorCodes',
  'filter.tags',
  'window.opensAt',
  'window.closesAt',
  'maxRate',
] as const;

/** Hours at which nobody minds an SMS. */
const POLITE: Window = { opensAt: '10:00', closesAt: '20:00' };

export function newValues(now: number): Values {
  const nextHour = Math.ceil(now / HOUR_MS) * HOUR_MS;
  return {
    text: '',
    start: 'LATER',
    startsAt: local(nextHour),
    endsAt: local(nextHour + 24 * HOUR_MS),
    filter: { operatorCodes: [], tags: [], untagged: false },
    hasWindow: true,
    window: { ...POLITE },
    maxRate: '',
  };
}

export function valuesOf(mailing: MailingFormValuesFragment): Values {
  return {
    text: mailing.text,
    start: 'LATER',
    startsAt: toLocal(mailing.startsAt),
    endsAt: toLocal(mailing.endsAt),
    filter: {
      operatorCodes: [...mailing.filter.operatorCodes],
      tags: mailing.filter.tags.filter((tag) => tag !== ''),
      untagged: mailing.filter.tags.includes(''),
    },
    hasWindow: mailing.window !== null,
    window: { ...(mailing.window ?? POLITE) },
    maxRate: mailing.maxRate ?? '',
  };
}

/** The same once more, from now on, for as long as the other had. */
export function copyOf(mailing: MailingFormValuesFragment, now: number): Values {
  const fresh = newValues(now);
  const lasts = Math.round((Date.parse(mailing.endsAt) - Date.parse(mailing.startsAt)) / MINUTE_MS) * MINUTE_MS;
  return { ...valuesOf(mailing), startsAt: fresh.startsAt, endsAt: local(Date.parse(fresh.startsAt) + lasts) };
}

/** When it is to start; null while that is not typed yet. */
export function startOf(values: Values, now: number): string | null {
  return values.start === 'AT_ONCE' ? new Date(now).toISOString() : fromLocal(values.startsAt);
}

/** Whether sending begins as soon as it is saved, be it because the start that was typed is past by now. */
export function startsAtOnce(values: Values, now: number): boolean {
  const starts = startOf(values, now);
  return starts !== null && Date.parse(starts) <= now;
}

export function filterOf({ operatorCodes, tags, untagged }: Values['filter']): {
  operatorCodes: string[];
  tags: string[];
} {
  return { operatorCodes: [...operatorCodes], tags: untagged ? [...tags, ''] : [...tags] };
}

export function windowOf(values: Values): Window | null {
  return values.hasWindow ? values.window : null;
}

export function creation(values: Values, now: number): CreateMailingInput {
  return {
    text: values.text,
    startsAt: startOf(values, now) ?? '',
    endsAt: fromLocal(values.endsAt) ?? '',
    filter: filterOf(values.filter),
    window: windowOf(values),
    maxRate: rateOf(values),
  };
}

/** Only what differs: what somebody else changes meanwhile stays as they want it. */
export function update(id: string, values: Values, before: Values, now: number): UpdateMailingInput {
  const to = creation(values, now);
  const from = creation(before, now);
  const changes: Mutable<UpdateMailingInput> = { id };
  if (to.text !== from.text) changes.text = to.text;
  if (values.start === 'AT_ONCE' || to.startsAt !== from.startsAt) changes.startsAt = to.startsAt;
  if (to.endsAt !== from.endsAt) changes.endsAt = to.endsAt;
  if (!isSame(to.filter, from.filter)) changes.filter = to.filter ?? null;
  if (!isSame(to.window, from.window)) changes.window = to.window ?? null;
  if (to.maxRate !== from.maxRate) changes.maxRate = to.maxRate ?? null;
  return changes;
}

/** Whom both filters choose; null if that is nobody. */
export function both(one: Values['filter'], other: Values['filter']): MailingFilterInput | null {
  const [a, b] = [filterOf(one), filterOf(other)];
  const operatorCodes = shared(a.operatorCodes, b.operatorCodes);
  const tags = shared(a.tags, b.tags);
  return operatorCodes && tags ? { operatorCodes, tags } : null;
}

/** Empty lists let everything through, so where two lists share nothing there is no list for that. */
function shared(one: string[], other: string[]): string[] | null {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const values = one.filter((value) => other.includes(value));
  return values.length > 0 ? values : null;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function rateOf({ maxRate }: Values): number | null {
  return maxRate === '' ? null : maxRate;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function local(at: number): string {
  return toLocal(new Date(at).toISOString());
}
