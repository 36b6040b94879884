/** How GraphiQL reaches the API: queries and mutations by POST, subscriptions by graphql-transport-ws. */

import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { createClient, type Sink } from 'graphql-ws';

import { askWhoIsSignedIn, notice, PREFLIGHT } from './session';

type Headers = Record<string, string>;
type Answer = Exclude<ReturnType<Fetcher>, Promise<unknown>>;
type Observer = Sink<FormattedExecutionResult>;

const FIXED_HEADERS = {
  'Content-Type': 'application/json',
  Accept: 'application/graphql-response+json, application/json;q=0.9',
  ...PREFLIGHT,
};
const ABNORMAL_CLOSURE = 1006;

/**
 * A fetcher for one endpoint. Whatever goes wrong is told as an error of the operation, so that a person reads a
 * sentence where GraphiQL by itself would show a stack trace.
 *
 * The header editor's headers go with each request; a socket, for which a browser cannot set any, gets them in the
 * payload of `connection_init`, their names in lower case.
 */
export function createFetcher(endpoint: URL): Fetcher {
  return (request, options) => {
    const headers: Headers = options?.headers ?? {};
    const operation = operationOf(request);
    const named = operation?.name ? { ...request, operationName: operation.name.value } : request;
    const reach = operation?.operation === OperationTypeNode.SUBSCRIPTION ? follow : ask;
    return reach(endpoint, named, headers);
  };
}

/**
 * What is to be run, if that is clear. GraphiQL names it late: right after another tab was chosen, the name is still
 * that of an operation in the tab before, and the API would refuse it.
 */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | null | undefined {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document);
  } catch {
    return null; // The API says better what is wrong with it.
  }
}

async function ask(endpoint: URL, request: FetcherParams, headers: Headers): Promise<ExecutionResult> {
  const body = JSON.stringify(request);
  try {
    const response = await fetch(endpoint, { method: 'POST', headers: { ...FIXED_HEADERS, ...headers }, body });
    const result = read(await response.text(), response);
    notice(result, request.operationName);
    return result;
  } catch (cause) {
    return { errors: [new GraphQLError(`The API cannot be reached: ${cause}`)] };
  }
}

function read(text: string, { status, statusText }: Response): ExecutionResult {
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    return { errors: [new GraphQLError(`HTTP ${status} ${statusText}: ${text.slice(0, 200)}`)] };
  }
}

/** A client of its own for each subscription: its socket has the headers of the moment, and closes with it. */
function follow(endpoint: URL, request: FetcherParams, headers: Headers): Answer {
  const url = endpoint.href.replace(/^http/, 'ws');
  const client = createClient({ url, connectionParams: inLowerCase(headers) });
  return {
    subscribe: ({ next, error, complete }: Observer) => ({
      unsubscribe: client.subscribe(request, {
        next,
        complete,
        error: (cause) => {
          // A session that is over ends its sockets, and a handshake that is refused tells a page nothing.
          if (cause instanceof Event) void askWhoIsSignedIn(endpoint);
          error(reasons(cause));
        },
      }),
    }),
  } as Answer; // Of an observable's signatures GraphiQL uses only this one.
}

function reasons(cause: unknown): readonly object[] {
  if (Array.isArray(cause)) return cause; // What the API refuses.
  if (cause instanceof CloseEvent && cause.code !== ABNORMAL_CLOSURE) {
    return [{ message: `The API closed the socket: ${cause.code} ${cause.reason}`.trimEnd() }];
  }
  return [{ message: 'The API cannot be reached by WebSocket' }];
}

function inLowerCase(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
