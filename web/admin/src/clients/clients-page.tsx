import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconUpload } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useQuery } from 'urql';

import { ClientDocument, ClientsCountDocument, ClientsDocument } from '../api/documents';
import { useMay } from '../app/viewer';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { useKeyset } from '../ui/keyset';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { Pager } from '../ui/pager';
import { type Choice, choiceVariables, idIn, isEverybody, useChoice } from './choice';
import { ClientsChoice } from './clients-choice';
import { ClientsTable } from './clients-table';

const ClientsPage: FC = () => {
  const { t } = useTranslation('clients');
  const [choice, choose] = useChoice();
  const id = idIn(choice);
  return (
    <Page title={t('title')} actions={<WaysToAdd />}>
      <ClientsChoice choice={choice} onChoose={choose} />
      {id ? <OneClient id={id} choice={choice} /> : <Clients choice={choice} />}
    </Page>
  );
};

const WaysToAdd: FC = () => {
  const { t } = useTranslation('clients');
  if (!useMay('OPERATOR')) return null;
  return (
    <>
      <Button
        component={Link}
        to="/clients/import"
        variant="default"
        leftSection={<IconUpload size={16} aria-hidden />}
      >
        {t('import.action')}
      </Button>
      <Button component={Link} to="/clients/new" leftSection={<IconPlus size={16} aria-hidden />}>
        {t('new.action')}
      </Button>
    </>
  );
};

const Clients: FC<{ choice: Choice }> = ({ choice }) => {
  const keyset = useKeyset('oldest first');
  const [{ data, error, stale }, ask] = useQuery({
    query: ClientsDocument,
    variables: { ...choiceVariables(choice), ...keyset },
  });
  if (error && !data) return <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} />;
  if (!data) return <PageLoading />;
  const { nodes, pageInfo } = data.clients;
  if (nodes.length === 0) return <Nobody choice={choice} />;
  return (
    <Stack aria-busy={stale}>
      <Count choice={choice} />
      <ClientsTable clients={nodes} />
      <Pager order="oldest first" pageInfo={pageInfo} />
    </Stack>
  );
};

const OneClient: FC<{ id: string; choice: Choice }> = ({ id, choice }) => {
  const [{ data, error }, ask] = useQuery({ query: ClientDocument, variables: { id } });
  if (error && !data) return <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} />;
  if (!data) return <PageLoading />;
  return data.client ? <ClientsTable clients={[data.client]} /> : <Nobody choice={choice} />;
};

const Count: FC<{ choice: Choice }> = ({ choice }) => {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: ClientsCountDocument, variables: choiceVariables(choice) });
  return (
    <Text c="dimmed" size="sm" role="status" mih="1.5em">
      {data && t('counts.clients', { count: data.clients.totalCount })}
    </Text>
  );
};

const Nobody: FC<{ choice: Choice }> = ({ choice }) => {
  const { t } = useTranslation('clients');
  const mayOperate = useMay('OPERATOR');
  if (!isEverybody(choice)) return <EmptyState text={t('empty.choice')} />;
  return (
    <EmptyState text={mayOperate ? t('empty.first') : t('empty.wait')}>
      <Group justify="center">
        <WaysToAdd />
      </Group>
    </EmptyState>
  );
};

export default ClientsPage;
