/** The one socket of all subscriptions. It comes back by itself, and each subscription begins anew with the whole state. */

import { createClient, type Sink, type SubscribePayload } from 'graphql-ws';

import { isLive, noticeSilence } from './connection';
import { credentials } from './token';

const LONGEST_WAIT_MS = 10_000;
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** The API does not know who asks, or not any more: to try again would change nothing. */
const REFUSED = new Set([4401, 4403]);

export function isRefused(event: unknown): boolean {
  return event instanceof CloseEvent && REFUSED.has(event.code);
}

export const socket = createClient({
  url: new URL('/graphql', window.location.href).href.replace(/^http/, 'ws'),
  connectionParams: credentials,
  keepAlive: PING_MS,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: (cause) => !isRefused(cause),
  // Many browsers that lost the same server must not all come back in the same moment.
  retryWait: (tries) => after(Math.min(500 * 2 ** tries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2)),
  on: {
    connected: () => isLive.set(true),
    closed: (event) => {
      // What is late on this socket says nothing of the next one.
      clearTimeout(pongIsLate);
      const wasMeant = event instanceof CloseEvent && event.wasClean && event.code === 1000;
      isLive.set(wasMeant || listening.size === 0);
    },
    // A cable that was pulled out closes nothing: without an answer in time the connection is given up.
    ping: (received) => {
      if (!received) expectPong();
    },
    pong: (received) => {
      if (received) clearTimeout(pongIsLate);
    },
  },
});

const listening = new Set<symbol>();

/** Subscribes until the function that it gives is called. What nobody listens to any more cannot be out of date. */
export function listen(payload: SubscribePayload, sink: Sink<unknown>): () => void {
  const listener = Symbol(payload.query);
  listening.add(listener);
  const end = () => {
    listening.delete(listener);
    if (listening.size === 0) isLive.set(true);
  };
  const unsubscribe = socket.subscribe(payload, {
    next: (value) => sink.next(value),
    error: (cause) => {
      end();
      sink.error(cause);
    },
    complete: () => {
      end();
      sink.complete();
    },
  });
  return () => {
    end();
    unsubscribe();
  };
}

let pongIsLate: ReturnType<typeof setTimeout> | undefined;

function expectPong(): void {
  clearTimeout(pongIsLate);
  pongIsLate = setTimeout(() => {
    noticeSilence();
    socket.terminate();
  }, PONG_MS);
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
