import { afterEach, expect, it, vi } from 'vitest';

import { isReachable } from '../api/connection';
import { pageFile } from './page-file';

const PAGE = { default: 'a page' };

afterEach(() => vi.unstubAllGlobals());

it('loads again once the service is back', async () => {
  // Given a service that is away
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')));
  const load = vi.fn<() => Promise<typeof PAGE>>(() => Promise.reject(new TypeError('not loaded')));
  const loading = pageFile(load)();
  await vi.waitUntil(() => !isReachable.get());

  // When it comes back
  vi.stubGlobal('fetch', () => Promise.resolve(new Response()));
  load.mockResolvedValue(PAGE);

  // Then
  expect(await loading).toBe(PAGE);
  expect(load).toHaveBeenCalledTimes(2);
});

it('does not wait for a file that is gone', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response()));
  const load = vi.fn(() => Promise.reject(new TypeError('404')));

  await expect(pageFile(load)()).rejects.toThrow('404');
});
