import { describe, expect, it } from 'vitest';

import type { MailingListRowFragment } from '../../api/documents';
import { type Live, latest } from './use-running';

const progress = (sent: number, updatedAt: string) => ({
  total: 10,
  pending: 10 - sent,
  sending: 0,
  sent,
  failed: 0,
  expired: 0,
  unconfirmed: 0,
  cancelled: 0,
  messagesPerSecond: 0,
  estimatedFinishAt: null,
  updatedAt,
});

const mailing = {
  id: 'mailing_7',
  text: 'Sale',
  startsAt: '2030-01-31T09:00:00Z',
  endsAt: '2030-01-31T18:00:00Z',
};
const row: MailingListRowFragment = {
  ...mailing,
  status: 'RUNNING',
  progress: progress(3, '2030-01-31T09:20:00.5+00:00'),
};

describe('latest', () => {
  it('shows what came later, whatever way it came', () => {
    const ended: Live = {
      ...progress(10, '2030-01-31T09:20:01Z'),
      mailing: { ...mailing, status: 'FINISHED' },
    };

    expect(latest(row, ended)).toEqual({
      ...mailing,
      status: 'FINISHED',
      progress: progress(10, '2030-01-31T09:20:01Z'),
    });
  });

  it('does not go back', () => {
    const before: Live = { ...progress(2, '2030-01-31T09:20:00Z'), mailing: { ...mailing, status: 'PAUSED' } };

    expect(latest(row, before)).toBe(row);
    expect(latest(row, undefined)).toBe(row);
  });
});
