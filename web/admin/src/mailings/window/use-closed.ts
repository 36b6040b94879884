import { useMemo } from 'react';
import { useQuery } from 'urql';

import { type MailingStatus, MailingWindowDocument, type ProgressFragment } from '../../api/documents';
import { useRepeat } from '../../api/repeat';
import { useNow } from '../../ui/now';
import { type Closed, closedAt } from './closed';

const MINUTE_MS = 60_000;

/** Whether a mailing sends nothing although it runs and has something to send. */
export function isIdle(status: MailingStatus, { messagesPerSecond, pending }: ProgressFragment): boolean {
  return status === 'RUNNING' && messagesPerSecond === 0 && pending > 0;
}

/** What keeps an idle mailing, if it is its window; null if that is open for somebody, or is not known yet. */
export function useClosed(id: string): Closed | null {
  const [{ data }, ask] = useQuery({ query: MailingWindowDocument, variables: { id } });
  useRepeat(() => ask({ requestPolicy: 'network-only' }), MINUTE_MS);
  // Windows open and close with full minutes.
  const minute = Math.floor(useNow() / MINUTE_MS) * MINUTE_MS;
  return useMemo(() => (data?.mailing ? closedAt(data.mailing, minute) : null), [data, minute]);
}
