import { List, Loader, Stack, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';

import { type ClientFactsFragment, ClientOpenMessagesDocument, DeleteClientDocument } from '../api/documents';
import { useSend } from '../api/send';
import { Confirm } from '../ui/confirm';
import { Failure } from '../ui/failure';
import { shownPhone } from './phone';

interface Props {
  readonly client: ClientFactsFragment;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks before a client is deleted, and says what would become of the messages. */
export const DeleteClient: FC<Props> = ({ client, isOpen, onClose }) => {
  const { t } = useTranslation('clients');
  const navigate = useNavigate();
  const send = useSend(DeleteClientDocument);

  const remove = async (): Promise<string | null> => {
    const outcome = await send({ input: { id: client.id } });
    if ('failure' in outcome) return outcome.failure;
    navigate('/clients', { replace: true });
    return null;
  };

  return (
    <Confirm
      title={t('delete.title', { phone: shownPhone(client.phone) })}
      action={t('delete.action')}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={remove}
    >
      {isOpen && <Consequences id={client.id} />}
    </Confirm>
  );
};

const Consequences: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation('clients');
  const [{ data, error }] = useQuery({
    query: ClientOpenMessagesDocument,
    variables: { id },
    requestPolicy: 'network-only',
  });
  if (error) return <Failure error={error} />;
  if (!data) return <Loader size="sm" aria-label={t('delete.counting')} />;
  const { pending, sending, all } = data.client ?? NONE;
  const past = all.totalCount - pending.totalCount - sending.totalCount;
  return (
    <Stack gap="xs">
      <Text>{t('delete.text')}</Text>
      <List size="sm">
        <List.Item>{t('delete.cancelled', { count: pending.totalCount })}</List.Item>
        {sending.totalCount > 0 && <List.Item>{t('delete.sending', { count: sending.totalCount })}</List.Item>}
        <List.Item>{t('delete.kept', { count: past })}</List.Item>
      </List>
    </Stack>
  );
};

const NONE = { pending: { totalCount: 0 }, sending: { totalCount: 0 }, all: { totalCount: 0 } };
