/** What is on the screen stays there while nobody answers: it may be out of date, which the banner says. */

import type { Exchange, OperationResult } from '@urql/core';
import { map, pipe, tap } from 'wonka';

/**
 * An exchange that gives a query, whose answer did not come, the data of its last answer beside the error. Without it
 * each attempt to show something newer would take away what is there.
 */
export const keepWhatIsKnown: Exchange = ({ forward }) => {
  const known = new Map<number, unknown>();
  return (operations) =>
    pipe(
      operations,
      tap((operation) => {
        if (operation.kind === 'teardown') known.delete(operation.key);
      }),
      forward,
      map((result) => {
        const { kind, key } = result.operation;
        if (kind !== 'query') return result;
        if (result.data) known.set(key, result.data);
        return isLost(result) && known.has(key) ? { ...result, data: known.get(key), stale: true } : result;
      }),
    );
};

/** No answer at all: one that says why there is nothing to show must be heard. */
function isLost({ data, error }: OperationResult): boolean {
  return !data && Boolean(error?.networkError);
}
