import { act, renderHook } from '@testing-library/react';
import type { FC, ReactNode } from 'react';
import { type Client, Provider } from 'urql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSubject } from 'wonka';

import type { MailingListRowFragment } from '../../api/documents';
import { type Live, latest, useRunning } from './use-running';

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

describe('useRunning', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks for the list again each time that a mailing changes its status', () => {
    // Given a list of what runs, which leaves out what does not
    const told = makeSubject<object>();
    const client = { executeSubscription: () => told.source } as unknown as Client;
    const wrapper: FC<{ children: ReactNode }> = ({ children }) => <Provider value={client}>{children}</Provider>;
    const refresh = vi.fn();
    const { rerender } = renderHook(({ rows }) => useRunning(rows, refresh), {
      wrapper,
      initialProps: { rows: [row] as readonly MailingListRowFragment[] },
    });
    const tell = (status: Live['mailing']['status']) =>
      act(() => {
        told.next({ data: { activeMailingsProgress: { ...row.progress, mailing: { ...mailing, status } } } });
        vi.advanceTimersByTime(5_000);
      });
    tell('RUNNING');
    expect(refresh).not.toHaveBeenCalled();

    // When it is paused, resumed and paused again
    tell('PAUSED');
    rerender({ rows: [] });
    tell('PAUSED');
    expect(refresh).toHaveBeenCalledTimes(1);
    tell('RUNNING');
    rerender({ rows: [row] });
    expect(refresh).toHaveBeenCalledTimes(2);
    tell('PAUSED');

    // Then the list is asked for each time, and not in between
    expect(refresh).toHaveBeenCalledTimes(3);
  });
});
