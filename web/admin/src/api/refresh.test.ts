import { Client, createRequest, type Exchange, gql } from '@urql/core';
import { expect, it } from 'vitest';
import { filter, map, pipe, subscribe } from 'wonka';

import { isLive, isReachable } from './connection';
import { refreshWhenBack } from './refresh';
import type { Store } from './store';

/** A client whose API answers everything at once, and counts. */
function scene() {
  let asked = 0;
  const answer: Exchange = () => (operations) =>
    pipe(
      operations,
      filter(({ kind }) => kind === 'query'),
      map((operation) => {
        asked += 1;
        return { operation, data: { asked }, stale: false, hasNext: false };
      }),
    );
  const client = new Client({ url: '/graphql', exchanges: [refreshWhenBack, answer], preferGetMethod: false });
  const { unsubscribe } = pipe(
    client.executeQuery(createRequest(gql('{ mailings { totalCount } }'), {})),
    subscribe(() => {}),
  );
  return { asked: () => asked, leave: unsubscribe };
}

async function awayAndBack(store: Store<boolean>): Promise<void> {
  store.set(false);
  store.set(true);
  await Promise.resolve();
}

it.each([
  ['the API is back', isReachable],
  ['its socket alone is back', isLive],
])('asks again what is on the screen once %s', async (_, store) => {
  const { asked, leave } = scene();

  await awayAndBack(store);
  expect(asked()).toBe(2);

  leave();
  await awayAndBack(store);
  expect(asked()).toBe(2);
});
