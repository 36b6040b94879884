import { describe, expect, it } from 'vitest';

import type { MailingFormValuesFragment } from '../../api/documents';
import { both, copyOf, creation, filterOf, newValues, startsAtOnce, update, valuesOf } from './values';

const NOW = Date.parse('2030-01-31T09:20:00Z');

const MAILING: MailingFormValuesFragment = {
  id: 'mailing_7',
  text: 'Sale',
  // Made by a program: people do not type seconds.
  startsAt: '2030-01-31T12:00:07.5Z',
  endsAt: '2030-02-01T18:00:00Z',
  filter: { operatorCodes: ['916'], tags: ['vip', ''] },
  window: { opensAt: '10:00', closesAt: '20:00' },
  maxRate: 50,
  status: 'SCHEDULED',
};

describe('newValues', () => {
  it('is a day from the next hour on, at polite hours, for everybody', () => {
    expect(creation({ ...newValues(NOW), text: 'Hello' }, NOW)).toEqual({
      text: 'Hello',
      startsAt: '2030-01-31T10:00:00.000Z',
      endsAt: '2030-02-01T10:00:00.000Z',
      filter: { operatorCodes: [], tags: [] },
      window: { opensAt: '10:00', closesAt: '20:00' },
      maxRate: null,
    });
  });
});

describe('copyOf', () => {
  it('has the other’s values and length, and begins with the next hour', () => {
    expect(creation(copyOf(MAILING, NOW), NOW)).toEqual({
      text: 'Sale',
      startsAt: '2030-01-31T10:00:00.000Z',
      endsAt: '2030-02-01T16:00:00.000Z',
      filter: { operatorCodes: ['916'], tags: ['vip', ''] },
      window: { opensAt: '10:00', closesAt: '20:00' },
      maxRate: 50,
    });
  });
});

describe('update', () => {
  const before = valuesOf(MAILING);

  it('names nothing but what was changed', () => {
    expect(update('mailing_7', before, before, NOW)).toEqual({ id: 'mailing_7' });
    expect(update('mailing_7', { ...before, text: 'Sale!' }, before, NOW)).toEqual({ id: 'mailing_7', text: 'Sale!' });
  });

  it('takes the window and the rate away, and opens the filter for all', () => {
    const changed = {
      ...before,
      filter: { operatorCodes: [], tags: [], untagged: false },
      hasWindow: false,
      maxRate: '' as const,
    };

    expect(update('mailing_7', changed, before, NOW)).toEqual({
      id: 'mailing_7',
      filter: { operatorCodes: [], tags: [] },
      window: null,
      maxRate: null,
    });
  });

  it('starts at once, or at another time', () => {
    expect(update('mailing_7', { ...before, start: 'AT_ONCE' }, before, NOW)).toEqual({
      id: 'mailing_7',
      startsAt: '2030-01-31T09:20:00.000Z',
    });
    expect(startsAtOnce({ ...before, start: 'AT_ONCE' }, NOW)).toBe(true);
    expect(startsAtOnce(before, NOW)).toBe(false);
    expect(startsAtOnce(before, Date.parse('2030-01-31T12:00:00Z'))).toBe(true);
  });
});

describe('both', () => {
  const filter = (operatorCodes: string[], tags: string[], untagged = false) => ({ operatorCodes, tags, untagged });

  it.each([
    ['two that share values', filter(['1', '2'], ['a', 'b'], true), filter(['2', '3'], ['b'], true), ['2'], ['b', '']],
    ['one that is for all', filter([], []), filter(['1'], ['a']), ['1'], ['a']],
  ])('of %s', (_, one, other, operatorCodes, tags) => {
    expect(both(one, other)).toEqual({ operatorCodes, tags });
    expect(both(other, one)).toEqual({ operatorCodes, tags });
  });

  it('is nobody where they share nothing, which no filter says', () => {
    expect(both(filter(['1'], []), filter(['2'], []))).toBeNull();
    expect(both(filter([], ['a']), filter([], [], true))).toBeNull();
  });
});

it('has the clients without a tag as the tag that is empty', () => {
  expect(filterOf({ operatorCodes: [], tags: [], untagged: true })).toEqual({ operatorCodes: [], tags: [''] });
});
