import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useQuery } from 'urql';

import { MailingFormAudienceDocument, type MailingFormAudienceQuery } from '../../api/documents';
import { filterOf, type Values } from './values';

/** Somebody who types pauses longer than that when they want to see something. */
const PAUSE_MS = 250;

export type Audience = MailingFormAudienceQuery['audience'];

/** Whom the filter chooses now. While that is asked for, whom the one before chose. */
export function useAudience(filter: Values['filter'], isSound: boolean) {
  const [asked] = useDebouncedValue(JSON.stringify(filterOf(filter)), PAUSE_MS);
  const variables = useMemo(() => ({ filter: JSON.parse(asked) }), [asked]);
  const [{ data, error, fetching }] = useQuery({ query: MailingFormAudienceDocument, variables, pause: !isSound });
  const isAsked = isSound && (fetching || asked !== JSON.stringify(filterOf(filter)));
  return { audience: data?.audience, error, isAsked };
}
