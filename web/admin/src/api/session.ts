/** Whether the API knows who asks, as far as its answers tell. */

import type { CombinedError } from '@urql/core';

import { Store } from './store';

export interface Refusal {
  /** Where people sign in with a browser; without it the API takes tokens alone. */
  readonly signInUrl: string | null;
}

/** Why nothing is answered; null as long as the API answers. */
export const refusal = new Store<Refusal | null>(null);

/** Forms and pages of other origins cannot send it: the API believes a cookie that comes with it. */
export const PREFLIGHT = { 'GraphQL-Require-Preflight': '1' };

export function noticeRefusal(error: CombinedError): void {
  const refused = error.graphQLErrors.find(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
  if (!refused) return;
  const { signInUrl } = refused.extensions;
  refusal.set({ signInUrl: typeof signInUrl === 'string' ? signInUrl : null });
}

/**
 * End the session, here at once and then at the provider, which the browser is sent to.
 *
 * Throws an Error that says why the session goes on.
 */
export async function signOut(): Promise<void> {
  const response = await fetch('/auth/sign-out', { method: 'POST', headers: PREFLIGHT });
  const answer = (await response.json()) as { continueAt?: string; errors?: { message: string }[] };
  if (!answer.continueAt) throw new Error(answer.errors?.[0]?.message ?? `HTTP ${response.status}`);
  window.location.assign(answer.continueAt);
}
