/** Asks everything that is on the screen again, once the API is back. */

import type { Client, Exchange, Operation } from '@urql/core';
import { pipe, tap } from 'wonka';

import { isReachable } from './connection';

/** An exchange that remembers what components are asking. First of all, so that it sees what caches answer, too. */
export const refreshWhenBack: Exchange = ({ client, forward }) => {
  const asked = new Map<number, Operation>();
  isReachable.subscribe(() => {
    if (isReachable.get()) for (const operation of asked.values()) askAgain(client, operation);
  });
  return (operations) =>
    pipe(
      operations,
      tap((operation) => {
        if (operation.kind === 'query') asked.set(operation.key, operation);
        if (operation.kind === 'teardown') asked.delete(operation.key);
      }),
      forward,
    );
};

function askAgain(client: Client, operation: Operation): void {
  const context = { ...operation.context, requestPolicy: 'network-only' as const };
  client.reexecuteOperation(client.createRequestOperation('query', operation, context));
}
