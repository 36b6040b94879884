/** Mutations, and what came of them. */

import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from 'urql';

import { reasonOf } from '../ui/failure';

/** A member of a mutation's union: what was changed, or a fact that implements UserError. */
interface Member {
  readonly __typename: string;
}

/** The one field of a mutation's answer. */
type ResultOf<Data> = Data extends { readonly [field: string]: infer Result extends Member } ? Result : never;

export type Outcome<Result> = { readonly result: Result } | { readonly failure: string };

/**
 * A function that sends the mutation. It gives the union's member, or the reason why nobody knows of one, in a sentence
 * for people; it never throws. Documents must ask for `__typename`.
 */
export function useSend<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>) {
  const client = useClient();
  const { t } = useTranslation();
  return useCallback(
    async (variables: Variables): Promise<Outcome<ResultOf<Data>>> => {
      const { data, error } = await client.mutation(document, variables).toPromise();
      if (data) return { result: Object.values(data)[0] as ResultOf<Data> };
      return { failure: error ? reasonOf(error, t) : t('failure.away') };
    },
    [client, document, t],
  );
}
