import type { ClientOptions, Sink } from 'graphql-ws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { isLive, isReachable } from './connection';

const ws = vi.hoisted(() => ({
  options: {} as ClientOptions,
  sinks: [] as Sink[],
  terminate: vi.fn(),
}));

vi.mock('graphql-ws', () => ({
  createClient: (options: ClientOptions) => {
    ws.options = options;
    const subscribe = (_: unknown, sink: Sink) => {
      ws.sinks.push(sink);
      return () => {};
    };
    return { subscribe, terminate: ws.terminate };
  },
}));

const { listen } = await import('./socket');

const SINK: Sink = { next: () => {}, error: () => {}, complete: () => {} };
const LOST = new CloseEvent('close', { code: 1006, wasClean: false });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => Promise.resolve(new Response()));
  isLive.set(true);
});
afterEach(async () => {
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('gives a socket up whose pong is late', () => {
  ws.options.on?.ping?.(false, undefined);

  vi.advanceTimersByTime(5_000);

  expect(ws.terminate).toHaveBeenCalledOnce();
  expect(isReachable.get()).toBe(false);
});

it('does not take the silence of a socket that was lost for that of the next one', () => {
  ws.terminate.mockClear();
  ws.options.on?.ping?.(false, undefined);

  ws.options.on?.closed?.(LOST);
  vi.advanceTimersByTime(5_000);

  expect(ws.terminate).not.toHaveBeenCalled();
  expect(isReachable.get()).toBe(true);
});

it('says that figures are not live only as long as somebody waits for them', () => {
  const leave = listen({ query: 'subscription { a }' }, SINK);
  const leaveOther = listen({ query: 'subscription { b }' }, SINK);
  ws.options.on?.closed?.(LOST);
  expect(isLive.get()).toBe(false);

  leave();
  expect(isLive.get()).toBe(false);

  leaveOther();
  expect(isLive.get()).toBe(true);
});

it('has nobody who waits once the API has told all', () => {
  listen({ query: 'subscription { a }' }, SINK);
  ws.sinks.at(-1)?.complete();

  ws.options.on?.closed?.(LOST);

  expect(isLive.get()).toBe(true);
});
