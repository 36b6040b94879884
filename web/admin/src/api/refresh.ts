/** Asks everything that is on the screen again, once the API is back, or what is live is live again. */

import type { Client, Exchange, Operation } from '@urql/core';
import { pipe, tap } from 'wonka';

import { isLive, isReachable } from './connection';
import type { Store } from './store';

/** An exchange that remembers what components are asking. First of all, so that it sees what caches answer, too. */
export const refreshWhenBack: Exchange = ({ client, forward }) => {
  const asked = new Map<number, Operation>();
  const askAll = () => {
    for (const operation of asked.values()) askAgain(client, operation);
  };
  whenTrueAgain(isReachable, askAll);
  // A socket can be lost alone. What came to its end meanwhile is not told any more.
  whenTrueAgain(isLive, askAll);
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

function whenTrueAgain(store: Store<boolean>, act: () => void): void {
  store.subscribe(() => {
    if (store.get()) act();
  });
}

function askAgain(client: Client, operation: Operation): void {
  const context = { ...operation.context, requestPolicy: 'network-only' as const };
  client.reexecuteOperation(client.createRequestOperation('query', operation, context));
}
