import { afterEach, expect, it, vi } from 'vitest';

import { isUnfinished } from '../../api/unfinished';
import { currentImport, startImport } from './current';
import type { Source } from './import-run';

const answer = vi.fn();
vi.mock('../../api/client', () => ({ client: { mutation: () => ({ toPromise: answer }) } }));

const SOURCE: Source = {
  file: new File(['phone,timezone\n79161234567,Asia/Omsk\n'], 'clients.csv'),
  format: { encoding: 'utf-8', separator: ',' },
  mapping: { places: { phone: 0, timezone: 1, operator_code: null, tag: null }, timezone: null, hasHeader: true },
  width: 2,
  rows: 1,
  header: ['phone', 'timezone'],
};

const stateNow = () => currentImport.get()?.progress.get();

afterEach(() => currentImport.get()?.cancel());

it('stops at an answer of somebody else than the API, which would come again', async () => {
  answer.mockResolvedValue({ error: { networkError: new Error('Too large'), response: { status: 413 } } });

  startImport(SOURCE);

  await vi.waitFor(() => expect(stateNow()).toMatchObject({ state: 'failed', failure: 'HTTP 413' }));
  expect(answer).toHaveBeenCalledTimes(1);
});

it('keeps the tab from being left until it is over', async () => {
  answer.mockResolvedValue({ error: { graphQLErrors: [{ message: 'No.', extensions: {} }] } });
  startImport(SOURCE);
  await vi.waitFor(() => expect(stateNow()?.state).toBe('failed'));
  const leaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

  expect([isUnfinished.get(), leaving()]).toEqual([true, true]);
  currentImport.get()?.cancel();

  await vi.waitFor(() => expect([isUnfinished.get(), leaving()]).toEqual([false, false]));
});
