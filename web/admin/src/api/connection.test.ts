import { afterEach, expect, it, vi } from 'vitest';

import { untilReachable } from './connection';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('looks again where a network swallows the first look', async () => {
  // Given a request that is never answered, with a patience that the test ends
  const patience = new AbortController();
  vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(patience.signal);
  const asked = vi.fn((_: string, { signal }: RequestInit) => {
    if (asked.mock.calls.length > 1) return Promise.resolve(new Response());
    return new Promise((_answer, fail) => signal?.addEventListener('abort', () => fail(signal.reason)));
  });
  vi.stubGlobal('fetch', asked);
  const reachable = untilReachable();

  // When patience is at its end
  patience.abort(new DOMException('too long', 'TimeoutError'));

  // Then the next look finds somebody
  await reachable;
  expect(asked).toHaveBeenCalledTimes(2);
});
