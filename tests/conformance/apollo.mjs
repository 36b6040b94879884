// Apollo Client: queries and mutations over HTTP, subscriptions as multipart over HTTP or over graphql-ws.
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";
import { OperationTypeNode } from "graphql";
import WebSocket from "ws";

export function apolloOverHttp(address) {
  return using(new HttpLink({ uri: `http://${address}/graphql` }));
}

export function apolloOverWebSocket(address) {
  const socket = createClient({ url: `ws://${address}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  const isSubscription = ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION;
  const http = new HttpLink({ uri: `http://${address}/graphql` });
  const client = using(ApolloLink.split(isSubscription, new GraphQLWsLink(socket), http));
  return { ...client, close: () => socket.dispose() };
}

function using(link) {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    ask: async (document, variables) => {
      const isMutation = document.trimStart().startsWith("mutation");
      const options = { variables, errorPolicy: "all", fetchPolicy: "no-cache" };
      const { data, error } = isMutation
        ? await client.mutate({ mutation: gql(document), ...options })
        : await client.query({ query: gql(document), ...options });
      return { data, errors: graphQLErrors(error) };
    },
    follow: (document, variables, sink) => {
      client.subscribe({ query: gql(document), variables, fetchPolicy: "no-cache" }).subscribe({
        next: ({ data, error }) => sink.next({ data, errors: graphQLErrors(error) }),
        error: sink.error,
        complete: sink.complete,
      });
    },
  };
}

function graphQLErrors(error) {
  if (error && !CombinedGraphQLErrors.is(error)) throw error;
  return error?.errors;
}
