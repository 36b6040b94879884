/** The files of `examples/`, in the order of their names: an operation each, and what its variables are. */

import { Kind, parse } from 'graphql';

export interface Example {
  /** The operation's name, which is what its tab is called, too. */
  readonly name: string;
  /** What it is for: the comment in the first line. */
  readonly purpose: string;
  readonly query: string;
  readonly variables: string;
}

const operations = import.meta.glob<string>('../examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('../examples/*.json', { query: '?raw', import: 'default', eager: true });

export const EXAMPLES: Example[] = Object.entries(operations).map(([path, query]) => ({
  name: nameOf(query),
  purpose: purposeOf(query),
  query: query.trimEnd(),
  variables: (variables[path.replace(/\.graphql$/, '.json')] ?? '').trimEnd(),
}));

function nameOf(query: string): string {
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || !operation.name) throw new Error(`no name: ${query}`);
  return operation.name.value;
}

function purposeOf(query: string): string {
  return query.match(/^# (.*)/)?.[1] ?? '';
}
