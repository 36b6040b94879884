import { Anchor, Table, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { ClientFactsFragment } from '../api/documents';
import { Moment } from '../ui/moment';
import { LocalClock } from './local-clock';
import { shownPhone } from './phone';

export const ClientsTable: FC<{ clients: readonly ClientFactsFragment[] }> = ({ clients }) => {
  const { t } = useTranslation('clients');
  return (
    <Table.ScrollContainer minWidth={680} type="native">
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('fields.phone')}</Table.Th>
            <Table.Th scope="col">{t('fields.operatorCode')}</Table.Th>
            <Table.Th scope="col">{t('fields.tag')}</Table.Th>
            <Table.Th scope="col">{t('fields.timezone')}</Table.Th>
            <Table.Th scope="col">{t('fields.createdAt')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {clients.map((client) => (
            <Row key={client.id} client={client} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
};

const Row: FC<{ client: ClientFactsFragment }> = ({ client }) => {
  const { t } = useTranslation('clients');
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/clients/${client.id}`} inherit className="figures">
          {shownPhone(client.phone)}
        </Anchor>
      </Table.Td>
      <Table.Td className="figures">{client.operatorCode}</Table.Td>
      <Table.Td className="said" miw={110}>
        {client.tag || (
          <Text span c="dimmed" inherit>
            {t('noTag')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {client.timezone} <LocalClock timezone={client.timezone} />
      </Table.Td>
      <Table.Td>
        <Moment at={client.createdAt} />
      </Table.Td>
    </Table.Tr>
  );
};
