// graphql-sse in distinct connections mode: everything as events.
import { createClient } from "graphql-sse";

export default function graphqlSse(address) {
  const client = createClient({ url: `http://${address}/graphql`, retryAttempts: 0 });
  return {
    ask: async (query, variables) => {
      for await (const result of client.iterate({ query, variables })) return result;
    },
    follow: (query, variables, sink) => client.subscribe({ query, variables }, sink),
    close: () => client.dispose(),
  };
}
