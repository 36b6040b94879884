import { Client, CombinedError, type Exchange, gql } from '@urql/core';
import { expect, it } from 'vitest';
import { map, pipe, subscribe } from 'wonka';
import { keepWhatIsKnown } from './keep';

const QUERY = gql('{ viewer { name } }');

/** Asks once for each answer, one after the other; what the asker is shown. */
function shown(...answers: { data?: object; error?: CombinedError }[]): unknown[] {
  const next = answers.values();
  const answering: Exchange = () => (operations) =>
    pipe(
      operations,
      map((operation) => ({ operation, stale: false, hasNext: false, data: undefined, ...next.next().value })),
    );
  const client = new Client({ url: '/', exchanges: [keepWhatIsKnown, answering], preferGetMethod: false });
  const results: unknown[] = [];
  const asking = client.createRequestOperation('query', { key: 1, query: QUERY, variables: {} });
  pipe(
    client.executeRequestOperation(asking),
    subscribe(({ data, error }) => results.push([data, error?.message])),
  );
  for (let more = 1; more < answers.length; more += 1) client.reexecuteOperation(asking);
  return results;
}

const ADA = { viewer: { name: 'Ada' } };
const NOBODY_THERE = new CombinedError({ networkError: new Error('refused') });
const FORBIDDEN = new CombinedError({ graphQLErrors: ['forbidden'] });

it('keeps what was shown when nobody answers', async () => {
  const results = shown({ data: ADA }, { error: NOBODY_THERE });
  await Promise.resolve();
  expect(results).toEqual([
    [ADA, undefined],
    [ADA, '[Network] refused'],
  ]);
});

it('has nothing to keep at first', () => {
  expect(shown({ error: NOBODY_THERE })).toEqual([[undefined, '[Network] refused']]);
});

it('takes away what may not be seen any more', async () => {
  const results = shown({ data: ADA }, { error: FORBIDDEN });
  await Promise.resolve();
  expect(results).toEqual([
    [ADA, undefined],
    [undefined, '[GraphQL] forbidden'],
  ]);
});
