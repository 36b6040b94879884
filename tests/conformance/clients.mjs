// Plays the scenario with the client named, against the server at the address given, and prints what it saw.
import { apolloOverHttp, apolloOverWebSocket } from "./apollo.mjs";
import graphqlSse from "./graphql_sse.mjs";
import graphqlWs from "./graphql_ws.mjs";
import { play } from "./scenario.mjs";
import { urqlOverGet, urqlOverHttp, urqlOverWebSocket } from "./urql.mjs";

const CLIENTS = {
  "graphql-ws": graphqlWs,
  "graphql-sse": graphqlSse,
  "urql over HTTP": urqlOverHttp,
  "urql over GET": urqlOverGet,
  "urql over WebSocket": urqlOverWebSocket,
  "Apollo over HTTP": apolloOverHttp,
  "Apollo over WebSocket": apolloOverWebSocket,
};

const [name, address] = process.argv.slice(2);
console.log(JSON.stringify(await play(CLIENTS[name](address))));
process.exit(0); // Clients keep connections for a while.
