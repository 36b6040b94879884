// graphql-ws: everything over one WebSocket.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

export default function graphqlWs(address) {
  const client = createClient({ url: `ws://${address}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  return {
    ask: async (query, variables) => {
      for await (const result of client.iterate({ query, variables })) return result;
    },
    follow: (query, variables, sink) => client.subscribe({ query, variables }, sink),
    close: () => client.dispose(),
  };
}
