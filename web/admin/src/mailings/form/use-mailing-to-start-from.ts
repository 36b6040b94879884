import { useMemo } from 'react';
import { useQuery } from 'urql';

import { MailingFormStartDocument } from '../../api/documents';

/** A mailing's values as they are now, and not as they were when they were seen last. */
export function useMailingToStartFrom(id: string) {
  const [{ data, error }, again] = useQuery({
    query: MailingFormStartDocument,
    variables: useMemo(() => ({ id }), [id]),
    requestPolicy: 'network-only',
  });
  return { mailing: data?.mailing, error, again: () => again({ requestPolicy: 'network-only' }) };
}
