import { type Client, CombinedError, createRequest, type ExchangeIO, gql, makeOperation } from '@urql/core';
import { expect, it } from 'vitest';
import { fromArray, map, pipe, toArray } from 'wonka';
import { keepWhatIsKnown } from './keep';

const ASKING = makeOperation('query', createRequest(gql('{ viewer { name } }'), {}), {
  url: '/',
  requestPolicy: 'network-only',
  preferGetMethod: false,
});

interface Answer {
  readonly data?: object;
  readonly error?: CombinedError;
}

/** What is shown after each of these answers to the same question, one after the other. */
function shown(...answers: Answer[]): unknown[] {
  const next = answers.values();
  const answering: ExchangeIO = map((operation) => {
    return { operation, data: undefined, stale: false, hasNext: false, ...next.next().value };
  });
  const keeping = keepWhatIsKnown({ client: {} as Client, forward: answering, dispatchDebug: () => {} });
  const results = pipe(fromArray(answers.map(() => ASKING)), keeping, toArray);
  return results.map(({ data, error }) => [data, error?.message]);
}

const ADA = { viewer: { name: 'Ada' } };
const NOBODY_THERE = new CombinedError({ networkError: new Error('refused') });
const FORBIDDEN = new CombinedError({ graphQLErrors: ['forbidden'] });

it('keeps what was shown when nobody answers', () => {
  expect(shown({ data: ADA }, { error: NOBODY_THERE })).toEqual([
    [ADA, undefined],
    [ADA, '[Network] refused'],
  ]);
});

it('has nothing to keep at first', () => {
  expect(shown({ error: NOBODY_THERE })).toEqual([[undefined, '[Network] refused']]);
});

it('takes away what may not be seen any more', () => {
  expect(shown({ data: ADA }, { error: FORBIDDEN }, { error: NOBODY_THERE })).toEqual([
    [ADA, undefined],
    [undefined, '[GraphQL] forbidden'],
    [undefined, '[Network] refused'],
  ]);
});
