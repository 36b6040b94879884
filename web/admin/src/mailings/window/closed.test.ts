import { expect, it } from 'vitest';

import { closedAt, type Windowed } from './closed';

const WINDOW = { opensAt: '10:00', closesAt: '20:00' };

/** So many messages wait in each zone. */
function mailing(waiting: Record<string, number>, rest: Partial<Windowed> = {}): Windowed {
  const byTimezone = Object.entries(waiting).map(([value, count]) => ({
    value,
    byStatus: [
      { status: 'PENDING' as const, count },
      { status: 'SENT' as const, count: 9 },
    ],
  }));
  return { id: 'mailing_7', endsAt: '2030-02-03T00:00:00Z', window: WINDOW, statistics: { byTimezone }, ...rest };
}

const at = (iso: string) => Date.parse(iso);

it('says when it opens for the first of those who wait, also between full hours', () => {
  const night = at('2030-01-31T00:00:00Z');

  expect(closedAt(mailing({ 'Europe/Moscow': 5, 'Asia/Kolkata': 3, 'Asia/Colombo': 1 }), night)).toEqual({
    opensAt: at('2030-01-31T04:30:00Z'),
    first: 4,
    waiting: 9,
  });
});

it('is not what keeps a mailing that may send to somebody who waits', () => {
  const morning = at('2030-01-31T07:00:00Z');

  expect(closedAt(mailing({ 'Europe/Moscow': 1, 'America/New_York': 5 }), morning)).toBeNull();
  expect(closedAt(mailing({ 'Europe/Moscow': 0, 'America/New_York': 5 }), morning)?.opensAt).toBe(
    at('2030-01-31T15:00:00Z'),
  );
});

it('opens by the clock that was changed in the night', () => {
  const eve = at('2030-03-30T20:00:00Z');

  const closed = closedAt(mailing({ 'Europe/Berlin': 2 }, { endsAt: '2030-04-03T00:00:00Z' }), eve);

  expect(closed?.opensAt).toBe(at('2030-03-31T08:00:00Z'));
});

it('does not open after the end, nor in a zone that nobody knows', () => {
  const night = at('2030-01-31T00:00:00Z');

  expect(closedAt(mailing({ 'Europe/Moscow': 5 }, { endsAt: '2030-01-31T07:00:00Z' }), night)?.opensAt).toBeNull();
  expect(closedAt(mailing({ 'Mars/Olympus': 5 }), night)?.opensAt).toBeNull();
});

it('is nothing without a window, or without anybody who waits', () => {
  const night = at('2030-01-31T00:00:00Z');

  expect(closedAt(mailing({ 'Europe/Moscow': 5 }, { window: null }), night)).toBeNull();
  expect(closedAt(mailing({ 'Europe/Moscow': 0 }), night)).toBeNull();
});
