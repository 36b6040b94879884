import { describe, expect, it } from 'vitest';

import { axisFrom, zoneOpenings } from './zones';

const at = (moment: string) => Date.parse(`2030-01-${moment}:00Z`);
const DAY = { opensAt: '10:00', closesAt: '20:00' };
const GROUPS = [
  { value: 'Europe/Moscow', total: 20 },
  { value: 'Asia/Kamchatka', total: 3 },
  { value: 'Europe/Minsk', total: 2 },
  { value: 'Europe/Kaliningrad', total: 1 },
];

describe('zoneOpenings', () => {
  it('goes from west to east, zones of the same hours together, and tells from when on each zone is sent to', () => {
    const found = zoneOpenings(GROUPS, DAY, { from: at('31T07:30'), until: at('31T12:00') });

    expect(found.map(({ zones, clients, firstAt }) => [zones, clients, firstAt])).toEqual([
      [['Europe/Kaliningrad'], 1, at('31T08:00')],
      [['Europe/Moscow', 'Europe/Minsk'], 22, at('31T07:30')],
      [['Asia/Kamchatka'], 3, at('31T07:30')],
    ]);
  });

  it('knows where the window does not open before the end', () => {
    const found = zoneOpenings(GROUPS, DAY, { from: at('31T09:00'), until: at('31T12:00') });

    expect(found.filter(({ firstAt }) => firstAt === null).map(({ zones }) => zones)).toEqual([['Asia/Kamchatka']]);
  });

  it('draws 24 hours from the hour of the start on, and tells one whole opening', () => {
    const [moscow] = zoneOpenings(GROUPS.slice(0, 1), DAY, { from: at('31T12:30'), until: at('31T13:00') });

    expect(axisFrom(at('31T12:30')).from).toBe(at('31T12:00'));
    expect(moscow?.spans).toEqual([
      { from: at('31T12:00'), until: at('31T17:00') },
      { from: Date.parse('2030-02-01T07:00Z'), until: Date.parse('2030-02-01T12:00Z') },
    ]);
    expect(moscow?.hours).toEqual({ from: Date.parse('2030-02-01T07:00Z'), until: Date.parse('2030-02-01T17:00Z') });
  });

  it('is open all the time without a window, and never in a zone that it does not know', () => {
    const period = { from: at('31T12:00'), until: at('31T13:00') };

    expect(zoneOpenings(GROUPS.slice(1, 2), null, period)).toMatchObject([{ firstAt: period.from, hours: null }]);
    expect(zoneOpenings([{ value: 'Mars/Olympus', total: 1 }], DAY, period)).toMatchObject([{ firstAt: null }]);
  });
});
