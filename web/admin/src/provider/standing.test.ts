import { expect, it } from 'vitest';

import type { HealthFragment } from '../api/documents';
import { standingOf } from './standing';

const WELL: HealthFragment = {
  breaker: 'CLOSED',
  cause: null,
  reason: null,
  since: '2030-01-31T09:00:00Z',
  nextProbeAt: null,
  recentRequests: 100,
  recentFailures: 0,
  updatedAt: '2030-01-31T10:00:00Z',
};

it.each([
  [{}, 'works'],
  [{ recentFailures: 1 }, 'falters'],
  [{ breaker: 'OPEN', cause: 'FAILURES' }, 'stopped'],
  [{ breaker: 'OPEN', cause: 'TOKEN_REFUSED' }, 'refused'],
  [{ breaker: 'HALF_OPEN', cause: 'FAILURES' }, 'tried'],
  [{ breaker: 'HALF_OPEN', cause: 'TOKEN_REFUSED' }, 'tried'],
] as const)('of %o is %s', (change, standing) => {
  expect(standingOf({ ...WELL, ...change })).toBe(standing);
});
