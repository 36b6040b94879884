import { expect, it } from 'vitest';

import type { Followed } from './active';
import { credibleRisk } from './risk';

const TOO_SLOW = { cause: 'TOO_SLOW', willMiss: 5, messagesPerSecond: 1.5 } as const;
const PAUSED = { cause: 'PAUSED', willMiss: 5, messagesPerSecond: null } as const;

function mailing(risk: Followed['risk'], estimatedFinishAt: string | null): Followed {
  return {
    risk,
    endsAt: '2030-01-31T18:00:00Z',
    progress: { estimatedFinishAt },
  } as Followed;
}

it.each([
  ['it is too slow also just now', TOO_SLOW, '2030-01-31T19:00:00Z', TOO_SLOW],
  ['nothing is sent just now', TOO_SLOW, null, TOO_SLOW],
  ['just now it is fast enough', TOO_SLOW, '2030-01-31T17:00:00Z', null],
  ['it was paused as soon as it began', PAUSED, null, PAUSED],
  ['nothing is known', null, null, null],
] as const)('where %s', (_, risk, finish, said) => {
  expect(credibleRisk(mailing(risk, finish))).toBe(said);
});
