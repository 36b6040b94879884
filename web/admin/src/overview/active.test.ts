import { expect, it } from 'vitest';

import type { OverviewMailingFragment } from '../api/documents';
import { type Following, follow, type Heard, hear, type Live } from './active';

const NOTHING: Live = new Map();
const COUNTS = { pending: 0, sending: 0, failed: 0, expired: 0, unconfirmed: 0, cancelled: 0 };
const FACTS = { text: 'Hello', startsAt: '2030-01-31T09:00:00Z', endsAt: '2030-01-31T18:00:00Z' };
const RISK = { cause: 'TOO_SLOW', willMiss: 5, messagesPerSecond: 1.5 } as const;

function heard(id: string, sent: number, second: number, status: Heard['mailing']['status'] = 'RUNNING'): Heard {
  const updatedAt = `2030-01-31T10:00:${String(second).padStart(2, '0')}Z`;
  const progress = { ...COUNTS, total: 10, sent, messagesPerSecond: 1, estimatedFinishAt: null, updatedAt };
  return { ...progress, mailing: { ...FACTS, id, status } };
}

function listed(id: string, sent: number, second: number): OverviewMailingFragment {
  const { mailing, ...progress } = heard(id, sent, second);
  return { ...mailing, progress, risk: RISK };
}

function shown({ active, ended }: Following): object {
  const brief = ({ id, progress }: Following['active'][number]) => `${id}: ${progress.sent}`;
  return { active: active.map(brief), ended: ended.map(brief) };
}

it('shows what is newer, the list or what was heard, and keeps the risk', () => {
  const live = hear(NOTHING, [heard('mailing_1', 3, 5), heard('mailing_2', 1, 1)], 100);

  const following = follow([listed('mailing_1', 2, 4), listed('mailing_2', 2, 4)], live, 200);

  expect(shown(following)).toEqual({ active: ['mailing_2: 2', 'mailing_1: 3'], ended: [] });
  expect(following.active[1]?.risk).toBe(RISK);
});

it('orders by number, not by letter', () => {
  const list = [listed('mailing_9', 0, 1), listed('mailing_10', 0, 1)];

  expect(shown(follow(list, NOTHING, 0))).toEqual({ active: ['mailing_10: 0', 'mailing_9: 0'], ended: [] });
});

it('shows a mailing that began after the list was asked for, and forgets one that the list has no more', () => {
  const live = hear(hear(NOTHING, [heard('mailing_1', 1, 1)], 100), [heard('mailing_2', 1, 2)], 300);

  expect(shown(follow([], live, 200))).toEqual({ active: ['mailing_2: 1'], ended: [] });
});

it('keeps what has ended while somebody was looking on, the latest first', () => {
  const began = hear(NOTHING, [heard('mailing_1', 1, 1), heard('mailing_2', 1, 1)], 100);
  const live = hear(began, [heard('mailing_2', 9, 2, 'CANCELLED'), heard('mailing_1', 10, 3, 'FINISHED')], 200);

  expect(shown(follow([listed('mailing_1', 9, 2)], live, 300))).toEqual({
    active: [],
    ended: ['mailing_1: 10', 'mailing_2: 9'],
  });
});
