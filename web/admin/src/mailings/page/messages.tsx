import { Chip, Group, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { useAskAgain } from '../../api/ask-again';
import { MailingMessagesDocument, type MessageStatus, type ProgressFragment } from '../../api/documents';
import { countOf } from '../../ui/counts-bar';
import { EmptyState } from '../../ui/empty-state';
import { Failure } from '../../ui/failure';
import { useFormat } from '../../ui/format';
import { useKeyset, withoutPlaces } from '../../ui/keyset';
import { PageLoading } from '../../ui/page-loading';
import { Pager } from '../../ui/pager';
import { MESSAGE_STATUSES } from '../../ui/status';
import { MessageTable } from './message-table';

interface Props {
  readonly id: string;
  readonly progress: ProgressFragment;
  readonly version: string;
}

/** Its messages in the order of their clients, all or those with some statuses. */
export const MailingMessages: FC<Props> = ({ id, progress, version }) => {
  const { t } = useTranslation('mailing');
  const [statuses, choose] = useStatuses();
  const variables = { id, statuses, ...useKeyset('oldest first') };
  const [{ data, error }, ask] = useQuery({ query: MailingMessagesDocument, variables });
  useAskAgain(version, ask);
  const messages = data?.mailing?.messages;
  return (
    <Stack component="section" gap="md">
      <Title order={2} size="h3">
        {t('tab.messages')}
      </Title>
      <StatusFilter chosen={statuses} onChoose={choose} progress={progress} />
      {!messages && (error ? <Failure error={error} onTryAgain={() => ask()} /> : <PageLoading />)}
      {messages?.nodes.length === 0 && <EmptyState text={t(statuses.length > 0 ? 'noneOfThese' : 'noMessages')} />}
      {messages && messages.nodes.length > 0 && <MessageTable messages={messages.nodes} />}
      {messages && <Pager order="oldest first" pageInfo={messages.pageInfo} />}
    </Stack>
  );
};

interface FilterProps {
  readonly chosen: readonly MessageStatus[];
  readonly onChoose: (statuses: readonly MessageStatus[]) => void;
  readonly progress: ProgressFragment;
}

const StatusFilter: FC<FilterProps> = ({ chosen, onChoose, progress }) => {
  const { t } = useTranslation(['mailing', 'common']);
  const format = useFormat();
  return (
    <Chip.Group multiple value={[...chosen]} onChange={(statuses) => onChoose(statuses as MessageStatus[])}>
      <Group gap="xs" role="group" aria-label={t('filter')}>
        {MESSAGE_STATUSES.map((status) => (
          <Chip key={status} value={status} size="sm" variant="outline">
            {t(`common:status.${status}`)}{' '}
            <Text span inherit c="dimmed" className="figures">
              {format.number(countOf(progress, status))}
            </Text>
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
};

/** In the address, with commas. A choice begins at the first page. */
function useStatuses(): [MessageStatus[], (statuses: readonly MessageStatus[]) => void] {
  const [address, go] = useSearchParams();
  const named = (address.get('status') ?? '').split(',');
  const choose = (statuses: readonly MessageStatus[]) => {
    const other = withoutPlaces(address);
    if (statuses.length > 0) other.set('status', statuses.join(','));
    else other.delete('status');
    go(other, { replace: true, preventScrollReset: true });
  };
  return [MESSAGE_STATUSES.filter((status) => named.includes(status)), choose];
}
