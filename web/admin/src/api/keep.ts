/** What is on the screen stays there while nobody answers: it may be out of date, which the banner says. */

import type { Exchange, OperationResult } from '@urql/core';
import { map, pipe } from 'wonka';

const MOST_KNOWN = 50;

/**
 * An exchange that gives a query, whose answer did not come, the data of its last answer beside the error. Without it
 * each attempt to show something newer would take away what is there.
 */
export const keepWhatIsKnown: Exchange = ({ forward }) => {
  const known = new Map<number, unknown>();
  return (operations) =>
    pipe(
      operations,
      forward,
      map((result) => {
        const { kind, key } = result.operation;
        if (kind !== 'query') return result;
        if (isLost(result)) return known.has(key) ? { ...result, data: known.get(key), stale: true } : result;
        remember(known, key, result.data);
        return result;
      }),
    );
};

/** Whoever asks again lets go of the answer first: only age tells what nobody looks at any more. */
function remember(known: Map<number, unknown>, key: number, data: unknown): void {
  known.delete(key);
  if (data) known.set(key, data);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
}

/** No answer at all: one that says why there is nothing to show must be heard. */
function isLost({ data, error }: OperationResult): boolean {
  return !data && Boolean(error?.networkError);
}
