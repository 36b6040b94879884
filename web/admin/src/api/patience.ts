/** Requests that end, also where nobody answers and nobody hangs up. */

/** The API gives no query and no mutation more than half of this, unless it was told to. */
const PATIENCE_MS = 60_000;

/** `fetch` that fails with a TimeoutError after a minute, as it fails when the network is away. */
export function fetchWithPatience(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  return fetch(input, { ...init, signal: init.signal ? AbortSignal.any([init.signal, patience]) : patience });
}
