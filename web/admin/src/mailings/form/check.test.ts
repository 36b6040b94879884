import i18next from 'i18next';
import { describe, expect, it } from 'vitest';

import { check } from './check';
import { newValues, type Values } from './values';

const NOW = Date.parse('2030-01-31T09:20:00Z');
const t = i18next.getFixedT('en', 'mailings');
const SOUND: Values = { ...newValues(NOW), text: 'Hello' };

function problems(change: Partial<Values>, hasStarted = false) {
  return check({ ...SOUND, ...change }, hasStarted, NOW, t);
}

describe('check', () => {
  it('finds nothing wrong with what the form begins with, but that it says nothing', () => {
    expect(problems({})).toEqual({});
    expect(problems({ text: ' \n' })).toEqual({ text: 'Write what is to be sent.' });
  });

  it('finds everything at once', () => {
    const found = problems({
      text: 'я'.repeat(1_001),
      startsAt: '',
      endsAt: '2030-01-01T00:00',
      filter: { operatorCodes: ['916', 'x', '123456789'], tags: ['a'.repeat(101)], untagged: false },
      window: { opensAt: '', closesAt: '' },
      maxRate: 0,
    });

    expect(found).toEqual({
      text: 'At most 1,000 characters; these are 1,001.',
      startsAt: 'Date and time are needed.',
      endsAt: 'This is past already.',
      'filter.operatorCodes': 'An operator code is 1 to 8 digits, such as 916: not x, 123456789.',
      'filter.tags': `A tag has at most 100 characters: not ${'a'.repeat(101)}.`,
      'window.opensAt': 'Hours and minutes are needed.',
      'window.closesAt': 'Hours and minutes are needed.',
      maxRate: 'A whole number from 1 to 100,000, or nothing.',
    });
  });

  it('counts a picture as one character, as the service does', () => {
    expect(problems({ text: '😀'.repeat(1_000) })).toEqual({});
  });

  it('wants the end after the start, and the closing at another time than the opening', () => {
    expect(problems({ endsAt: SOUND.startsAt })).toEqual({ endsAt: 'It must end after it starts.' });
    expect(problems({ window: { opensAt: '10:00', closesAt: '10:00' } })).toEqual({
      'window.closesAt': 'This is the same as the opening. For the whole day do without hours.',
    });
  });

  it('lets hours and starts be that do not count', () => {
    expect(problems({ hasWindow: false, window: { opensAt: '', closesAt: '' } })).toEqual({});
    expect(problems({ start: 'AT_ONCE', startsAt: '' })).toEqual({});
    expect(problems({ startsAt: '' }, true)).toEqual({});
  });

  it('takes a hundred values and no more, clients without a tag among them', () => {
    const filter = {
      operatorCodes: [],
      tags: Array.from({ length: 100 }, (_, number) => `${number}`),
      untagged: false,
    };

    expect(problems({ filter })).toEqual({});
    expect(problems({ filter: { ...filter, untagged: true } })).toEqual({
      'filter.tags': 'At most 100; these are 101.',
    });
  });
});
