/** Who is signed in with this browser, as far as the API's answers tell. */

import type { ExecutionResult } from 'graphql';
import { useSyncExternalStore } from 'react';

export interface Session {
  /** Whoever has a session of this browser; whoever is let in by anything else needs no mention. */
  readonly person?: { readonly name: string; readonly role: string };
  /** The API has refused to answer without knowing who asks. */
  readonly isRefused: boolean;
  /** Where people sign in; without it the API takes tokens alone. */
  readonly signInUrl?: string;
  /** The API does not describe itself, whoever asks. */
  readonly isSchemaHidden: boolean;
}

/** How GraphiQL calls the operation by which it asks for the schema. */
const INTROSPECTION = 'IntrospectionQuery';

/** Forms and pages of other origins cannot send it: the API believes a cookie that comes with it. */
export const PREFLIGHT = { 'GraphQL-Require-Preflight': '1' };

let session: Session = { isRefused: false, isSchemaHidden: false };
const listeners = new Set<() => void>();

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** Learn from what the API has answered to an operation of that name. */
export function notice({ errors, data }: ExecutionResult, operationName?: string | null): void {
  const refusal = errors?.find(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
  if (refusal) {
    change({
      isRefused: true,
      signInUrl: textOf(refusal.extensions?.signInUrl) ?? session.signInUrl,
      person: undefined,
    });
  } else if (errors && !data && operationName === INTROSPECTION) {
    change({ isRefused: false, isSchemaHidden: true });
  } else if (data) {
    change({ isRefused: false });
  }
}

/** Ask the API who this is. Where it cannot be reached nothing is known, and whatever is run next tells. */
export async function askWhoIsSignedIn(endpoint: URL): Promise<void> {
  const query = '{ viewer { name role session { __typename } } }';
  try {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', ...PREFLIGHT };
    const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const answer = (await response.json()) as ExecutionResult<{ viewer?: Viewer }>;
    notice(answer);
    const viewer = answer.data?.viewer;
    change({ person: viewer?.session ? viewer : undefined });
  } catch {
    // There is no answer to learn from.
  }
}

/** End the session, here at once and then at the provider, which the browser is sent to. Says what went wrong. */
export async function signOut(): Promise<string | undefined> {
  try {
    const response = await fetch('/auth/sign-out', { method: 'POST', headers: PREFLIGHT });
    const answer = (await response.json()) as { continueAt?: string; errors?: { message: string }[] };
    if (!answer.continueAt) return answer.errors?.[0]?.message ?? `HTTP ${response.status}`;
    window.location.assign(answer.continueAt);
    return undefined;
  } catch {
    return 'The service cannot be reached: you are still signed in';
  }
}

interface Viewer {
  readonly name: string;
  readonly role: string;
  readonly session: object | null;
}

function change(difference: { [Name in keyof Session]?: Session[Name] | undefined }): void {
  session = { ...session, ...difference } as Session;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
