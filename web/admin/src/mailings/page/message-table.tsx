import { Table, Text } from '@mantine/core';
import { type FC, memo } from 'react';
import { useTranslation } from 'react-i18next';

import type { MailingMessagesQuery } from '../../api/documents';
import { useReasonText } from '../../messages/reason';
import { Moment } from '../../ui/moment';
import { NamedLink, ReferenceLink } from '../../ui/reference-link';
import { MessageStatusBadge } from '../../ui/status';

type Message = NonNullable<MailingMessagesQuery['mailing']>['messages']['nodes'][number];

export const MessageTable = memo<{ messages: readonly Message[] }>(({ messages }) => {
  const { t } = useTranslation('mailing');
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover className="figures" aria-label={t('tab.messages')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.message')}</Table.Th>
            <Table.Th>{t('column.client')}</Table.Th>
            <Table.Th>{t('column.status')}</Table.Th>
            <Table.Th>{t('column.sentAt')}</Table.Th>
            <Table.Th>{t('column.reason')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {messages.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
});

const MessageRow: FC<{ message: Message }> = ({ message: { id, client, status, sentAt, reason } }) => {
  const { t } = useTranslation('mailing');
  const reasonText = useReasonText();
  return (
    <Table.Tr>
      <Table.Td>
        <ReferenceLink id={id} />
      </Table.Td>
      <Table.Td>
        {client ? (
          <NamedLink id={client.id}>{client.phone}</NamedLink>
        ) : (
          <Text span inherit c="dimmed">
            {t('deletedClient')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <MessageStatusBadge status={status} />
      </Table.Td>
      <Table.Td>{sentAt && <Moment at={sentAt} precise timezone={client?.timezone ?? null} />}</Table.Td>
      <Table.Td className="said">{reason && reasonText(reason)}</Table.Td>
    </Table.Tr>
  );
};
