import { Anchor, Stack, Table, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useQuery } from 'urql';

import { type ClientFactsFragment, type ClientMessageRowFragment, ClientMessagesDocument } from '../api/documents';
import { useReasonText } from '../messages/reason';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { rows, useKeyset } from '../ui/keyset';
import { Moment } from '../ui/moment';
import { PageLoading } from '../ui/page-loading';
import { Pager } from '../ui/pager';
import { MessageStatusBadge } from '../ui/status';

const NEWEST = 'newest first';
const PAGE = 10;

/** What was and will be sent to a client, of all mailings. */
export const ClientMessages: FC<{ client: ClientFactsFragment }> = ({ client }) => {
  const { t } = useTranslation('clients');
  const keyset = useKeyset(NEWEST, 'messages-', PAGE);
  const [{ data, error, stale }, ask] = useQuery({
    query: ClientMessagesDocument,
    variables: { id: client.id, ...keyset },
  });
  if (error && !data) return <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} />;
  if (!data) return <PageLoading />;
  if (!data.client || data.client.messages.nodes.length === 0) return <EmptyState text={t('messages.none')} />;
  const { nodes, pageInfo } = data.client.messages;
  return (
    <Stack aria-busy={stale} gap="sm">
      <Table.ScrollContainer minWidth={600} type="native">
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('messages.mailing')}</Table.Th>
              <Table.Th scope="col">{t('messages.status')}</Table.Th>
              <Table.Th scope="col">{t('messages.at')}</Table.Th>
              <Table.Th scope="col">{t('messages.more')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows(NEWEST, nodes).map((message) => (
              <Row key={message.id} message={message} client={client} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Pager order={NEWEST} pageInfo={pageInfo} name="messages-" />
    </Stack>
  );
};

const Row: FC<{ message: ClientMessageRowFragment; client: ClientFactsFragment }> = ({ message, client }) => {
  const { t } = useTranslation('clients');
  const saidReason = useReasonText();
  return (
    <Table.Tr>
      <Table.Td maw={240}>
        <Anchor component={Link} to={`/mailings/${message.mailing.id}`} size="sm">
          {message.mailing.id}
        </Anchor>
        <Text size="sm" truncate>
          {message.mailing.text}
        </Text>
      </Table.Td>
      <Table.Td>
        <MessageStatusBadge status={message.status} />
        {message.reason && (
          <Text size="sm" c="dimmed">
            {saidReason(message.reason)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Moment at={message.sentAt ?? message.createdAt} timezone={client.timezone} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={`/messages/${message.id}`} size="sm" mr="sm">
          {message.id}
        </Anchor>
        <Anchor component={Link} to={`/why?client=${client.id}&mailing=${message.mailing.id}`} size="sm">
          {t('why')}
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
};
