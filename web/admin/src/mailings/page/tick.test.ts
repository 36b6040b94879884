import { expect, it } from 'vitest';

import { tickFor } from './tick';

const HOUR_MS = 3_600_000;

it.each([
  [5, HOUR_MS, '09:05:20'],
  [60, HOUR_MS, '09:05'],
  [900, 30 * HOUR_MS, 'Jan 31, 09:05'],
  [86_400, 300 * HOUR_MS, 'Jan 31'],
])('a step of %i s within %i ms is named as shortly as tells it apart', (stepSeconds, spanMs, tick) => {
  expect(tickFor('en', stepSeconds, spanMs, 'UTC')('2030-01-31T09:05:20Z')).toBe(tick);
});
