import { describe, expect, it } from 'vitest';

import { formatFor } from './format';

const english = formatFor('en');
const russian = formatFor('ru');

describe('share', () => {
  it.each([
    [1, 3, '33.3%'],
    [0, 3, '0%'],
    [3, 3, '100%'],
    [0, 0, '0%'],
  ])('writes %i of %i as %s', (part, whole, written) => {
    expect(english.share(part, whole)).toBe(written);
  });

  it('never says all of what is not all, nor none of what is not none', () => {
    expect(english.share(999_999, 1_000_000)).toBe('99.9%');
    expect(english.share(1, 1_000_000)).toBe('0.1%');
  });
});

describe('moments', () => {
  it('are told by the clock of the zone that is asked for', () => {
    expect(english.time('2030-01-31T21:05:00Z', 'Europe/Moscow')).toBe('00:05');
    expect(english.moment('2030-01-31T21:05:00Z', 'Asia/Kamchatka')).toBe('Feb 1, 2030, 09:05');
  });

  it.each([
    ['2030-01-31T12:02:29Z', 'in 2 minutes'],
    ['2030-01-31T14:57:00Z', 'in 3 hours'],
    ['2030-01-31T11:59:59Z', '1 second ago'],
    ['2030-01-29T11:00:00Z', '2 days ago'],
  ])('%s is told as %s at noon of the 31st', (moment, told) => {
    expect(english.distance(moment, Date.parse('2030-01-31T12:00:00Z'))).toBe(told);
  });
});

it.each([
  ['2030-01-31T12:30:00', '12:30'],
  ['2030-02-01T00:00:00', 'Feb 1, 00:00'],
  ['2029-12-31T23:59:00', 'Dec 31, 2029, 23:59'],
])('near noon of the 31st of January 2030, %s is written as %s', (moment, written) => {
  expect(english.near(moment, Date.parse('2030-01-31T12:00:00'))).toBe(written);
});

describe('duration', () => {
  it.each([
    [840, '840 ms'],
    [61_000, '1 min 1 sec'],
    [3_600_000, '1 hr'],
    [90_061_000, '1 day 1 hr'],
  ])('writes %i ms as %s', (milliseconds, written) => {
    expect(english.duration(milliseconds)).toBe(written);
  });

  it('is written in Russian, too', () => {
    expect(russian.duration(61_000)).toBe('1 мин 1 с');
  });
});
