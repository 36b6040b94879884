/** What is told live, in batches: a mailing may change ten times a second, each of many, and no eye follows that. */

import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useEffect, useRef } from 'react';
import { createRequest, useClient } from 'urql';
import { pipe, subscribe } from 'wonka';

const SHOW_MS = 250;

/** Calls with what the subscription has told since the last call, the first time at once. */
export function useNews<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  onNews: (news: readonly Data[]) => void,
  isOn = true,
): void {
  const client = useClient();
  const asked = createRequest(query, variables);
  // The same object for the same question.
  const known = useRef(asked);
  if (known.current.key !== asked.key) known.current = asked;
  const request = known.current;
  const latest = useRef(onNews);
  latest.current = onNews;
  useEffect(() => {
    if (!isOn) return;
    const batches = inBatches<Data>((news) => latest.current(news), SHOW_MS);
    const { unsubscribe } = pipe(
      client.executeSubscription(request),
      subscribe(({ data }) => data && batches.add(data)),
    );
    return () => {
      unsubscribe();
      batches.end();
    };
  }, [client, request, isOn]);
}

/** Gives the first of what is added at once, and then all that has come meanwhile, no more often than that. */
export function inBatches<T>(give: (batch: readonly T[]) => void, everyMs: number) {
  let kept: T[] = [];
  let resting: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    resting = undefined;
    if (kept.length === 0) return;
    const batch = kept;
    kept = [];
    resting = setTimeout(next, everyMs);
    give(batch);
  };
  return {
    add: (item: T) => {
      kept.push(item);
      if (resting === undefined) next();
    },
    /** What was not given yet never is. */
    end: () => {
      clearTimeout(resting);
      kept = [];
    },
  };
}
