// urql: queries and mutations over HTTP, subscriptions over HTTP or over graphql-ws.
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

export function urqlOverHttp(address, preferGetMethod = false) {
  const url = `http://${address}/graphql`;
  return using(new Client({ url, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod }));
}

export function urqlOverGet(address) {
  return urqlOverHttp(address, "force");
}

export function urqlOverWebSocket(address) {
  const socket = createClient({ url: `ws://${address}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
  });
  const exchanges = [fetchExchange, subscriptionExchange({ forwardSubscription })];
  const client = using(new Client({ url: `http://${address}/graphql`, exchanges, preferGetMethod: false }));
  return { ...client, close: () => socket.dispose() };
}

function using(client) {
  return {
    ask: async (document, variables) => {
      const isMutation = document.trimStart().startsWith("mutation");
      const { data, error } = await client[isMutation ? "mutation" : "query"](document, variables).toPromise();
      return { data, errors: graphQLErrors(error) };
    },
    follow: (document, variables, sink) => {
      client.subscription(document, variables).subscribe(({ data, error, hasNext }) => {
        if (hasNext || error) sink.next({ data, errors: graphQLErrors(error) });
        if (!hasNext) sink.complete(); // With the last result once more.
      });
    },
  };
}

function graphQLErrors(error) {
  if (error?.networkError) throw error.networkError;
  return error?.graphQLErrors;
}
