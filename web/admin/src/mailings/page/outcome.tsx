import { Stack } from '@mantine/core';
import { memo } from 'react';
import { useQuery } from 'urql';

import { useAskAgain } from '../../api/ask-again';
import { MailingOutcomeDocument } from '../../api/documents';
import { Failure } from '../../ui/failure';
import { PageLoading } from '../../ui/page-loading';
import { MailingBreakdown } from './breakdown';
import { MailingFailures } from './failures';
import { HistoryChart } from './history-chart';

/** What became of the messages: over time, for which clients, and why not. */
export const MailingOutcome = memo<{ id: string; version: string }>(({ id, version }) => {
  const [{ data, error }, ask] = useQuery({ query: MailingOutcomeDocument, variables: { id } });
  useAskAgain(version, ask);
  if (!data?.mailing) return error ? <Failure error={error} onTryAgain={() => ask()} /> : <PageLoading />;
  const { history, statistics } = data.mailing;
  return (
    <Stack gap="xl">
      <HistoryChart history={history} />
      <MailingFailures failures={statistics.failures} />
      <MailingBreakdown id={id} version={version} />
    </Stack>
  );
});
