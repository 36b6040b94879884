import { expect, it } from 'vitest';

import { allZones, isMeant, offsetOf } from './zones';

const WINTER = new Date('2030-01-15T12:00:00Z');
const SUMMER = new Date('2030-07-15T12:00:00Z');

it.each([
  ['Europe/Berlin', WINTER, '+01:00'],
  ['Europe/Berlin', SUMMER, '+02:00'],
  ['Asia/Kathmandu', WINTER, '+05:45'],
  ['UTC', WINTER, '+00:00'],
  ['Mars/Olympus', WINTER, ''],
])('tells how far ahead %s is at %s', (zone, now, offset) => {
  expect(offsetOf(zone, now)).toBe(offset);
});

it('offers also what the browser does not know, each once', () => {
  const zones = allZones(['Mars/Olympus', 'Europe/Moscow']);

  expect(zones).toContain('Mars/Olympus');
  expect(zones.filter((zone) => zone === 'Europe/Moscow')).toHaveLength(1);
});

it.each([
  ['Europe/Moscow', 'mosc', true],
  ['Europe/Moscow', 'utc+03', true],
  ['Europe/Moscow', '+03', true],
  ['Europe/Moscow', 'UTC+3', true],
  ['Europe/Moscow', '+3:00', true],
  ['Asia/Kathmandu', '+5:45', true],
  ['Asia/Vladivostok', '+1', true],
  ['Europe/Moscow', '+04', false],
  ['Europe/Moscow', '+0', false],
  ['UTC', '+0', true],
  ['America/New_York', 'new york', true],
  ['America/New_York', 'New Orleans', false],
])('whether %s is meant by "%s": %s', (zone, typed, found) => {
  expect(isMeant(zone, typed, WINTER)).toBe(found);
});
