/** How a mailing's messages divide by a property of their clients. */

import type { MailingGroupFragment, MailingGroupsQuery } from '../../api/documents';
import type { Counts } from '../../ui/counts-bar';

export const PROPERTIES = ['operatorCode', 'tag', 'timezone'] as const;
export type Property = (typeof PROPERTIES)[number];

/** Only the groups of one property are asked for: each may have a thousand. */
export function groupVariables(property: Property) {
  return {
    byOperatorCode: property === 'operatorCode',
    byTag: property === 'tag',
    byTimezone: property === 'timezone',
  };
}

type Statistics = NonNullable<MailingGroupsQuery['mailing']>['statistics'];

export function groupsOf(statistics: Statistics, property: Property): readonly MailingGroupFragment[] | undefined {
  return { operatorCode: statistics.byOperatorCode, tag: statistics.byTag, timezone: statistics.byTimezone }[property];
}

/** The group's counts in the shape of a mailing's. */
export function countsOf({ total, byStatus }: MailingGroupFragment): Counts {
  const of = (status: string) => byStatus.find((row) => row.status === status)?.count ?? 0;
  return {
    total,
    pending: of('PENDING'),
    sending: of('SENDING'),
    sent: of('SENT'),
    failed: of('FAILED'),
    expired: of('EXPIRED'),
    unconfirmed: of('UNCONFIRMED'),
    cancelled: of('CANCELLED'),
  };
}
