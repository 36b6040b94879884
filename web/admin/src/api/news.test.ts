import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { inBatches } from './news';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives the first at once, and what comes meanwhile together', () => {
  const given: (readonly number[])[] = [];
  const batches = inBatches<number>((batch) => given.push(batch), 250);

  batches.add(1);
  for (const news of [2, 3, 4]) batches.add(news);
  expect(given).toEqual([[1]]);

  vi.advanceTimersByTime(250);
  expect(given).toEqual([[1], [2, 3, 4]]);
});

it('does nothing while there is nothing, and then gives at once again', () => {
  const given: (readonly number[])[] = [];
  const batches = inBatches<number>((batch) => given.push(batch), 250);
  batches.add(1);
  vi.advanceTimersByTime(250);
  expect(vi.getTimerCount()).toBe(0);

  batches.add(2);

  expect(given).toEqual([[1], [2]]);
});

it('gives nothing once it has ended', () => {
  const given: (readonly number[])[] = [];
  const batches = inBatches<number>((batch) => given.push(batch), 250);
  batches.add(1);
  batches.add(2);

  batches.end();
  vi.advanceTimersByTime(1_000);

  expect(given).toEqual([[1]]);
});
