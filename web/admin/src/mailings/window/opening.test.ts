import { describe, expect, it } from 'vitest';

import { offsetAt, openSpans } from './opening';

const DAY = { opensAt: '10:00', closesAt: '20:00' };
const NIGHT = { opensAt: '22:00', closesAt: '06:00' };

function spans(window: typeof DAY | null, zone: string, from: string, until: string) {
  const found = openSpans(window, zone, Date.parse(from), Date.parse(until));
  return found?.map((span) => [new Date(span.from), new Date(span.until)].map((at) => at.toISOString().slice(5, 16)));
}

describe('openSpans', () => {
  it('is the hours of the client’s own clock', () => {
    expect(spans(DAY, 'Europe/Moscow', '2030-01-31T00:00Z', '2030-02-01T00:00Z')).toEqual([
      ['01-31T07:00', '01-31T17:00'],
    ]);
    expect(spans(DAY, 'Asia/Kamchatka', '2030-01-31T00:00Z', '2030-02-01T00:00Z')).toEqual([
      ['01-31T00:00', '01-31T08:00'],
      ['01-31T22:00', '02-01T00:00'],
    ]);
  });

  it('crosses midnight where the window closes before it opens', () => {
    expect(spans(NIGHT, 'UTC', '2030-01-31T00:00Z', '2030-02-01T12:00Z')).toEqual([
      ['01-31T00:00', '01-31T06:00'],
      ['01-31T22:00', '02-01T06:00'],
    ]);
  });

  it('begins and ends where it is asked to', () => {
    expect(spans(DAY, 'UTC', '2030-01-31T11:17Z', '2030-01-31T11:18Z')).toEqual([['01-31T11:17', '01-31T11:18']]);
    expect(spans(DAY, 'UTC', '2030-01-31T20:00Z', '2030-02-01T10:00Z')).toEqual([]);
    expect(spans(DAY, 'UTC', '2030-01-31T12:00Z', '2030-01-31T11:00Z')).toEqual([]);
  });

  it('opens at the change where the clock skips its opening, and twice where the clock goes back over it', () => {
    const early = { opensAt: '02:30', closesAt: '02:45' };

    expect(
      spans({ opensAt: '02:30', closesAt: '04:00' }, 'Europe/Berlin', '2030-03-31T00:00Z', '2030-03-31T06:00Z'),
    ).toEqual([['03-31T01:00', '03-31T02:00']]);
    expect(spans(early, 'Europe/Berlin', '2030-03-31T00:00Z', '2030-03-31T06:00Z')).toEqual([]);
    expect(spans(early, 'Europe/Berlin', '2030-10-27T00:00Z', '2030-10-27T06:00Z')).toEqual([
      ['10-27T00:30', '10-27T00:45'],
      ['10-27T01:30', '10-27T01:45'],
    ]);
  });

  it('is always without a window, and unknown in an unknown zone', () => {
    expect(spans(null, 'UTC', '2030-01-31T00:00Z', '2030-02-01T00:00Z')).toEqual([['01-31T00:00', '02-01T00:00']]);
    expect(spans(DAY, 'Mars/Olympus', '2030-01-31T00:00Z', '2030-02-01T00:00Z')).toBeUndefined();
  });
});

it('knows zones whose clocks are not whole hours apart', () => {
  expect(offsetAt('Asia/Kathmandu', Date.parse('2030-01-31T00:00Z'))).toBe(345 * 60_000);
});
