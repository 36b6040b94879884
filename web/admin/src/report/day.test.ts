import { expect, it } from 'vitest';

import { dayFrom, later, today } from './day';

it('knows what day it is in a zone', () => {
  const lateInMoscow = Date.parse('2030-01-31T21:05:00Z');

  expect(today('Europe/Moscow', lateInMoscow)).toBe('2030-02-01');
  expect(today('UTC', lateInMoscow)).toBe('2030-01-31');
});

it('counts days by the calendar', () => {
  expect(later('2028-02-28', 1)).toBe('2028-02-29');
  expect(later('2030-01-01', -1)).toBe('2029-12-31');
});

it.each([
  ['2030-01-31', '2030-01-31'],
  ['9999-99-99', null],
  ['0', null],
  ['+012345-01-01', null],
  [null, null],
])('takes %s of an address for the day %s', (text, day) => {
  expect(dayFrom(text)).toBe(day);
});
