/** Which mailings the list shows, kept in the address. */

import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { MailingStatus } from '../../api/documents';
import { withoutPlaces } from '../../ui/keyset';
import { MAILING_STATUSES } from '../../ui/status';

export interface ListFilter {
  readonly statuses: readonly MailingStatus[];
  readonly search: string;
}

/** The filter, and what changes it; a changed filter begins at its first page. */
export function useListFilter(): [ListFilter, (change: Partial<ListFilter>) => void] {
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => filterIn(address), [address]);
  const change = useCallback(
    (wanted: Partial<ListFilter>) => {
      setAddress((now) => addressOf(withoutPlaces(now), { ...filterIn(now), ...wanted }), { replace: true });
    },
    [setAddress],
  );
  return [filter, change];
}

/** What an address says; what it says of statuses that there are not is left out. */
export function filterIn(address: URLSearchParams): ListFilter {
  const named = new Set(address.getAll('status'));
  return {
    statuses: MAILING_STATUSES.filter((status) => named.has(status)),
    search: address.get('search') ?? '',
  };
}

function addressOf(address: URLSearchParams, { statuses, search }: ListFilter): URLSearchParams {
  address.delete('status');
  for (const status of statuses) address.append('status', status);
  if (search.trim() === '') address.delete('search');
  else address.set('search', search);
  return address;
}
