import { act, render, screen } from '@testing-library/react';
import type { FC } from 'react';
import { type Client, Provider } from 'urql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fromValue, makeSubject } from 'wonka';

import type { MailingFactsFragment } from '../../api/documents';
import { useLiveMailing } from './live';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FACTS = { id: 'mailing_7', text: 'Hello', updatedAt: '2030-01-31T09:00:00Z' };

function progressAt(updatedAt: string, sent: number) {
  return { total: 9, pending: 9 - sent, sending: 0, sent, updatedAt };
}

/** An API that was asked at 9:00:05 and that tells live what the test says. */
function scene() {
  const told = makeSubject<object>();
  const asked = { mailing: { ...FACTS, status: 'RUNNING', progress: progressAt('2030-01-31T09:00:05.5Z', 5) } };
  let queries = 0;
  const client = {
    executeQuery: () => {
      queries += 1;
      return fromValue({ data: asked });
    },
    executeSubscription: () => told.source,
  } as unknown as Client;
  const tell = (progress: object, mailing: object) =>
    act(() => {
      told.next({ data: { mailingProgress: { ...progress, mailing: { ...FACTS, ...mailing } } } });
      vi.advanceTimersByTime(250);
    });
  const drawn = new Set<MailingFactsFragment>();
  render(
    <Provider value={client}>
      <Probe drawn={drawn} />
    </Provider>,
  );
  return { tell, drawn, queries: () => queries };
}

const Probe: FC<{ drawn: Set<MailingFactsFragment> }> = ({ drawn }) => {
  const live = useLiveMailing('mailing_7');
  if (live && 'mailing' in live) drawn.add(live.mailing);
  return <p>{live && 'mailing' in live ? `${live.mailing.status} ${live.progress.sent}` : 'nothing'}</p>;
};

it('shows what is told, with the status of that moment', () => {
  const { tell } = scene();

  tell(progressAt('2030-01-31T09:00:06Z', 6), { status: 'PAUSED' });

  screen.getByText('PAUSED 6');
});

it('keeps to what was asked where that is newer, however the moments are written', () => {
  const { tell } = scene();

  tell(progressAt('2030-01-31T09:00:05Z', 4), { status: 'SCHEDULED' });

  screen.getByText('RUNNING 5');
});

it('asks again for the facts when they have changed, and not for each figure', () => {
  const { tell, queries } = scene();
  tell(progressAt('2030-01-31T09:00:06Z', 6), { status: 'RUNNING' });
  const before = queries();

  tell(progressAt('2030-01-31T09:00:07Z', 7), { status: 'RUNNING' });
  expect(queries()).toBe(before);

  tell(progressAt('2030-01-31T09:00:08Z', 8), { status: 'RUNNING', updatedAt: '2030-01-31T09:00:08Z' });
  expect(queries()).toBe(before + 1);
});

it('gives the same facts as long as they are the same, whatever the figures', () => {
  const { tell, drawn } = scene();

  tell(progressAt('2030-01-31T09:00:06Z', 6), { status: 'RUNNING' });
  tell(progressAt('2030-01-31T09:00:07Z', 7), { status: 'RUNNING' });

  screen.getByText('RUNNING 7');
  expect(drawn.size).toBe(1);
});

it('does not ask twice for what it has just been told', () => {
  const { tell, queries } = scene();

  tell(progressAt('2030-01-31T09:00:06Z', 6), { status: 'RUNNING' });

  expect(queries()).toBe(1);
});

it('looks now and then whether the mailing is still there, of which nothing is told', () => {
  const { queries } = scene();

  act(() => void vi.advanceTimersByTime(10_000));

  expect(queries()).toBe(2);
});
