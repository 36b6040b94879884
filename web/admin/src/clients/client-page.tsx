import { Button, Stack, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHelpCircle, IconPencil, IconTrash } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { ClientDocument, type ClientFactsFragment } from '../api/documents';
import { useMay } from '../app/viewer';
import { Timeline } from '../timeline/timeline';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { ClientFacts } from './client-facts';
import { ClientMessages } from './client-messages';
import { DeleteClient } from './delete-client';
import { NoClient } from './no-client';
import { shownPhone } from './phone';

const ClientPage: FC = () => {
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: ClientDocument, variables: { id } });
  if (!data) {
    return (
      <Page title={id}>
        {error ? <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} /> : <PageLoading />}
      </Page>
    );
  }
  return data.client ? <Client client={data.client} /> : <NoClient id={id} />;
};

const Client: FC<{ client: ClientFactsFragment }> = ({ client }) => {
  const { t } = useTranslation(['clients', 'timeline']);
  return (
    <Page title={shownPhone(client.phone)} actions={<Actions client={client} />}>
      <ClientFacts client={client} />
      <Stack component="section" gap="sm">
        <Title order={2} size="h3">
          {t('messages.title')}
        </Title>
        <ClientMessages client={client} />
      </Stack>
      <Stack component="section" gap="sm">
        <Title order={2} size="h3">
          {t('timeline:title')}
        </Title>
        <Timeline of={client.id} timezone={client.timezone} version={client.updatedAt} />
      </Stack>
    </Page>
  );
};

const Actions: FC<{ client: ClientFactsFragment }> = ({ client }) => {
  const { t } = useTranslation('clients');
  const { t: common } = useTranslation();
  const mayOperate = useMay('OPERATOR');
  const [isDeleting, { open, close }] = useDisclosure();
  return (
    <>
      <Button
        component={Link}
        to={`/why?client=${client.id}`}
        variant="default"
        leftSection={<IconHelpCircle size={16} aria-hidden />}
      >
        {t('why')}
      </Button>
      {mayOperate && (
        <>
          <Button
            component={Link}
            to={`/clients/${client.id}/edit`}
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden />}
          >
            {common('edit')}
          </Button>
          <Button variant="default" onClick={open} leftSection={<IconTrash size={16} aria-hidden />}>
            {common('delete')}
          </Button>
          <DeleteClient client={client} isOpen={isDeleting} onClose={close} />
        </>
      )}
    </>
  );
};

export default ClientPage;
