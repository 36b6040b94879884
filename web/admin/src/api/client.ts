/** How the UI reaches the API: queries and mutations by POST, subscriptions by graphql-transport-ws. */

import { Client, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';

import { isFromProxy, noticeSilence } from './connection';
import { ViewerDocument } from './documents';
import { keepWhatIsKnown } from './keep';
import { fetchWithPatience } from './patience';
import { refreshWhenBack } from './refresh';
import { noticeRefusal, PREFLIGHT } from './session';
import { isRefused, listen, socket } from './socket';
import { credentials } from './token';

const notices = mapExchange({
  onError(error) {
    noticeRefusal(error);
    if (error.networkError || isFromProxy(error.response?.status)) noticeSilence();
  },
});

const overTheSocket = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({
      unsubscribe: listen({ query: query ?? '', variables: variables ?? null }, sink as never),
    }),
  }),
});

export const client = new Client({
  url: '/graphql',
  fetch: fetchWithPatience,
  exchanges: [refreshWhenBack, keepWhatIsKnown, notices, cacheExchange, fetchExchange, overTheSocket],
  preferGetMethod: false,
  fetchOptions: () => ({ headers: { ...PREFLIGHT, ...credentials() } }),
  // What was seen before is shown at once, and then what holds now.
  requestPolicy: 'cache-and-network',
});

// A socket that is refused does not say where to sign in; the answer to this does, and the page with it.
socket.on('closed', (event) => {
  if (isRefused(event)) void client.query(ViewerDocument, {}, { requestPolicy: 'network-only' }).toPromise();
});
