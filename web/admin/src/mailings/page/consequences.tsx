import type { FC, ReactNode } from 'react';
import { useQuery } from 'urql';

import { MailingConsequencesDocument, type ProgressFragment } from '../../api/documents';
import { Failure } from '../../ui/failure';
import { PageLoading } from '../../ui/page-loading';

interface Props {
  readonly id: string;
  readonly children: (progress: ProgressFragment) => ReactNode;
}

/** Figures of the moment in which the dialog opened, not of the page behind it. */
export const Consequences: FC<Props> = ({ id, children }) => {
  const [{ data, error, stale }] = useQuery({
    query: MailingConsequencesDocument,
    variables: { id },
    requestPolicy: 'network-only',
  });
  if (error) return <Failure error={error} />;
  if (!data || stale) return <PageLoading />;
  return data.mailing && children(data.mailing.progress);
};
