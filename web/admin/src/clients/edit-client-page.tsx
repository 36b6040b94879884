import { Alert } from '@mantine/core';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useQuery } from 'urql';

import {
  ClientDocument,
  type ClientFactsFragment,
  ClientOpenMessagesDocument,
  UpdateClientDocument,
  type UpdateClientInput,
} from '../api/documents';
import { useSend } from '../api/send';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { ClientForm, type ClientValues, type Refusal } from './client-form';
import { NoClient } from './no-client';
import { phoneFrom, shownPhone } from './phone';

const EditClientPage: FC = () => {
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({
    query: ClientDocument,
    variables: { id },
    requestPolicy: 'network-only',
  });
  if (!data) {
    return (
      <Page title={id}>
        {error ? <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} /> : <PageLoading />}
      </Page>
    );
  }
  return data.client ? <EditClient client={data.client} /> : <NoClient id={id} />;
};

const EditClient: FC<{ client: ClientFactsFragment }> = (props) => {
  const { t } = useTranslation('clients');
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const send = useSend(UpdateClientDocument);
  // As it was when the typing began: what somebody else changes meanwhile is no change of this form's.
  const [client] = useState(props.client);
  const page = `/clients/${client.id}`;

  const update = async (values: ClientValues): Promise<Refusal | null> => {
    const outcome = await send({ input: changesOf(client, values) });
    if ('failure' in outcome) return outcome;
    const { result } = outcome;
    if (result.__typename === 'InvalidInput') return { problems: result.problems };
    if (result.__typename === 'PhoneAlreadyRegistered') return { phoneOf: result.client.id };
    if (result.__typename === 'NotFound') return { failure: t('gone', { id: client.id }) };
    navigate(page);
    return null;
  };

  return (
    <Page title={t('edit.title', { phone: shownPhone(client.phone) })}>
      <ClientForm
        initial={{
          phone: client.phone,
          operatorCode: client.operatorCode,
          tag: client.tag,
          timezone: client.timezone,
        }}
        action={common('save')}
        back={page}
        hasDefaultCode={false}
        onSend={update}
        consequences={(values) => <Consequences client={client} values={values} />}
      />
    </Page>
  );
};

/** Only what is another now: what somebody else changed meanwhile stays. */
export function changesOf(client: ClientFactsFragment, values: ClientValues): UpdateClientInput {
  const given = {
    phone: phoneFrom(values.phone),
    operatorCode: values.operatorCode.trim(),
    tag: values.tag,
    timezone: values.timezone,
  };
  const changed = Object.entries(given).filter(([name, value]) => value !== client[name as keyof typeof given]);
  return { id: client.id, ...Object.fromEntries(changed) };
}

const Consequences: FC<{ client: ClientFactsFragment; values: ClientValues }> = ({ client, values }) => {
  const { t } = useTranslation('clients');
  const changes = changesOf(client, values);
  const isFollowed = 'phone' in changes || 'timezone' in changes;
  const [{ data }] = useQuery({
    query: ClientOpenMessagesDocument,
    variables: { id: client.id },
    requestPolicy: 'network-only',
    pause: !isFollowed,
  });
  const open = data?.client ? data.client.pending.totalCount + data.client.sending.totalCount : 0;
  return (
    <div role="status">
      {isFollowed && open > 0 && <Alert color="blue">{t('edit.consequences', { count: open })}</Alert>}
    </div>
  );
};

export default EditClientPage;
