import { describe, expect, it } from 'vitest';

import { expiresAt } from './expiry';
import { stateOf } from './token-state';

const NOON = Date.parse('2030-01-31T12:00:00Z');

describe('a token', () => {
  it('can be good for some days, or for ever', () => {
    expect(expiresAt('30', '', NOON)).toBe('2030-03-02T12:00:00.000Z');
    expect(expiresAt('never', '2030-05-01', NOON)).toBeNull();
  });

  it('is good until the end of the last day, by the clock of whoever chose it', () => {
    expect(expiresAt('day', '2030-12-31', NOON)).toBe(new Date(2031, 0, 1).toISOString());
    expect(expiresAt('day', '', NOON)).toBeUndefined();
    expect(expiresAt('day', '20260-01-01', NOON)).toBeUndefined();
  });

  it.each([
    [{ revokedAt: null, expiresAt: null }, 'good'],
    [{ revokedAt: null, expiresAt: '2030-01-31T12:00:01Z' }, 'good'],
    [{ revokedAt: null, expiresAt: '2030-01-31T12:00:00Z' }, 'expired'],
    [{ revokedAt: '2030-01-01T00:00:00Z', expiresAt: '2030-01-31T12:00:00Z' }, 'revoked'],
  ])('%o is %s at noon', (token, state) => {
    expect(stateOf(token, NOON)).toBe(state);
  });
});
