import { Client, fetchExchange } from '@urql/core';
import { afterEach, expect, it, vi } from 'vitest';

import { fetchWithPatience } from './patience';

afterEach(() => vi.restoreAllMocks());

/** Of a network that swallows everything. */
function swallow(_: unknown, { signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

it('ends a request that nobody answers, as one that did not get through', async () => {
  // Given a minute that is soon over
  const after = AbortSignal.timeout;
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => after.call(AbortSignal, 1));
  vi.stubGlobal('fetch', swallow);
  const exchanges = [fetchExchange];
  const client = new Client({ url: '/graphql', exchanges, fetch: fetchWithPatience, preferGetMethod: false });

  // When
  const { error } = await client.query('{ viewer { name } }', {}).toPromise();

  // Then
  expect(timeout).toHaveBeenCalledWith(60_000);
  expect(error?.networkError?.name).toBe('TimeoutError');
});
