import { DataList, Paper, Text } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { ClientFactsFragment } from '../api/documents';
import { Moment } from '../ui/moment';
import { LocalClock } from './local-clock';

/** What is known of a client. */
export const ClientFacts: FC<{ client: ClientFactsFragment }> = ({ client }) => {
  const { t } = useTranslation('clients');
  return (
    <Paper withBorder p="md">
      <DataList labelWidth="130px">
        <Fact name={t('fields.id')}>{client.id}</Fact>
        <Fact name={t('fields.operatorCode')}>{client.operatorCode}</Fact>
        <Fact name={t('fields.tag')}>
          {client.tag || (
            <Text span c="dimmed" inherit>
              {t('noTag')}
            </Text>
          )}
        </Fact>
        <Fact name={t('fields.timezone')}>
          {client.timezone} <LocalClock timezone={client.timezone} />
        </Fact>
        <Fact name={t('fields.createdAt')}>
          <Moment at={client.createdAt} timezone={client.timezone} />
        </Fact>
        {client.updatedAt !== client.createdAt && (
          <Fact name={t('fields.updatedAt')}>
            <Moment at={client.updatedAt} timezone={client.timezone} />
          </Fact>
        )}
      </DataList>
    </Paper>
  );
};

const Fact: FC<{ name: string; children: ReactNode }> = ({ name, children }) => (
  <DataList.Item>
    <DataList.ItemLabel>{name}</DataList.ItemLabel>
    <DataList.ItemValue className="said">{children}</DataList.ItemValue>
  </DataList.Item>
);
