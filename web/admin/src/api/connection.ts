/** Whether the API can be reached, and whether what is shown live is live. */

import { Store } from './store';

/** By HTTP: false from the first request that finds nobody until the API answers again. */
export const isReachable = new Store(true);

/** By WebSocket: false while a subscription waits for its socket to come back. */
export const isLive = new Store(true);

const FIRST_LOOK_MS = 1_000;
const LONGEST_BETWEEN_LOOKS_MS = 5_000;
/** On a network that swallows everything a request may wait for minutes, long after the next one would get through. */
const PATIENCE_MS = 5_000;

let looking = false;

/** A request found nobody: look from time to time until somebody is there again. */
export function noticeSilence(): void {
  isReachable.set(false);
  if (looking) return;
  looking = true;
  void lookUntilReachable();
}

/** Until the API answers: at once if it does now. */
export async function untilReachable(): Promise<void> {
  if (await answers()) return;
  noticeSilence();
  await new Promise<void>((resolve) => {
    const unsubscribe = isReachable.subscribe(() => {
      if (!isReachable.get()) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Whether an answer came from the API itself: a proxy in front of an API that is away answers, too. */
export function isFromProxy(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

async function lookUntilReachable(): Promise<void> {
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LONGEST_BETWEEN_LOOKS_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (await answers()) break;
  }
  looking = false;
  isReachable.set(true);
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return false;
  }
}
