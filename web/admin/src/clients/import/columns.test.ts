import { expect, it } from 'vitest';

import { guess, isComplete, sentColumns, sentValue } from './columns';

it('knows columns by the names that people give them', () => {
  expect(guess(['Номер телефона', 'ФИО', 'Часовой пояс', 'Тег', 'Operator code'])).toEqual({
    places: { phone: 0, timezone: 2, operator_code: 4, tag: 3 },
    timezone: null,
    hasHeader: true,
  });
});

it('takes a first row with a phone in it for a client', () => {
  expect(guess(['vip', '8 (916) 123-45-67'])).toEqual({
    places: { phone: 1, timezone: null, operator_code: null, tag: null },
    timezone: null,
    hasHeader: false,
  });
});

it('needs a phone and a time zone, be it the same for all', () => {
  const mapping = guess(['phone', 'tag']);

  expect(isComplete(mapping)).toBe(false);
  expect(isComplete({ ...mapping, timezone: 'Asia/Omsk' })).toBe(true);
  expect(sentColumns({ ...mapping, timezone: 'Asia/Omsk' })).toEqual(['phone', 'timezone', 'tag']);
});

it('sends values as the API wants them, and tags as they are', () => {
  const mapping = { ...guess(['phone', 'tag']), timezone: 'Asia/Omsk' };
  const row = [' +7 916 123-45-67', ' of two '];

  expect(sentColumns(mapping).map((column) => sentValue(column, row, mapping))).toEqual([
    '79161234567',
    'Asia/Omsk',
    ' of two ',
  ]);
});
