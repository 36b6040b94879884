import { expect, it } from 'vitest';

import { allZones, isMeant } from './zones';

const WINTER = new Date('2030-01-15T12:00:00Z');
const SUMMER = new Date('2030-07-15T12:00:00Z');

const offset = (name: string, now: Date) => allZones([], now).find((zone) => zone.name === name)?.offset;

it('tells how far ahead a zone is at the moment', () => {
  expect([offset('Europe/Berlin', WINTER), offset('Europe/Berlin', SUMMER)]).toEqual(['+01:00', '+02:00']);
  expect([offset('Asia/Kathmandu', WINTER), offset('UTC', WINTER)]).toEqual(['+05:45', '+00:00']);
});

it('offers also what the browser does not know, each once', () => {
  const names = allZones(['Mars/Olympus', 'Europe/Moscow'], WINTER).map(({ name }) => name);

  expect(names).toContain('Mars/Olympus');
  expect(names.filter((name) => name === 'Europe/Moscow')).toHaveLength(1);
});

it.each([
  ['mosc', true],
  ['utc+3', false],
  ['UTC+03', true],
  ['+03', true],
  ['europe moscow', false],
])('finds Moscow by "%s": %s', (typed, found) => {
  expect(isMeant({ name: 'Europe/Moscow', offset: '+03:00' }, typed)).toBe(found);
});

it('takes blanks for underscores', () => {
  expect(isMeant({ name: 'America/New_York', offset: '-05:00' }, 'new york')).toBe(true);
});
