import type { ClientOptions, Sink } from 'graphql-ws';
import { expect, it, vi } from 'vitest';
import { isLive } from './connection';

const { subscribe, createClient } = vi.hoisted(() => {
  const subscribe = vi.fn((_payload: unknown, _sink: Sink) => () => {});
  return { subscribe, createClient: vi.fn((_: ClientOptions) => ({ subscribe })) };
});
vi.mock('graphql-ws', () => ({ createClient }));
const { listen } = await import('./socket');

const SINK: Sink = { next: () => {}, error: () => {}, complete: () => {} };

/** As graphql-ws tells it when the connection is gone, or could not be made. */
function lose(): void {
  createClient.mock.calls[0]?.[0].on?.closed?.(new CloseEvent('close', { code: 1006, wasClean: false }));
}

it('is not live while somebody waits for the socket to come back', () => {
  const leave = listen({ query: '' }, { ...SINK });
  const leaveToo = listen({ query: '' }, { ...SINK });
  lose();
  expect(isLive.get()).toBe(false);

  leave();
  expect(isLive.get()).toBe(false);

  // Where nobody waits the socket is not made again: nothing would ever say that it is back.
  leaveToo();
  expect(isLive.get()).toBe(true);
});

it('does not miss a socket that nobody needs', () => {
  listen({ query: '' }, SINK)();
  lose();

  expect(isLive.get()).toBe(true);
});

it('waits no more for what was answered with an end', () => {
  listen({ query: '' }, SINK);
  lose();
  subscribe.mock.lastCall?.[1].complete();

  expect(isLive.get()).toBe(true);
});
