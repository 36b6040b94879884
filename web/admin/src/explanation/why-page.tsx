import { Group, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { ExplanationDocument } from '../api/documents';
import { useRepeat } from '../api/repeat';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { Answer } from './answer';
import { ClientPicker } from './client-picker';
import { MailingPicker } from './mailing-picker';

/** Why a client was, was not, or will be sent a mailing. Which ones stands in the address, to be sent to somebody. */
const WhyPage: FC = () => {
  const { t } = useTranslation('explanation');
  const [address, setAddress] = useSearchParams();
  const client = address.get('client');
  const mailing = address.get('mailing');
  const choose = (what: 'client' | 'mailing') => (id: string | null) =>
    setAddress((now) => {
      const next = new URLSearchParams(now);
      if (id === null) next.delete(what);
      else next.set(what, id);
      return next;
    });
  return (
    <Page title={t('title')}>
      <Text>{t('text')}</Text>
      <Group align="flex-end">
        <ClientPicker id={client} onChoose={choose('client')} />
        <MailingPicker id={mailing} onChoose={choose('mailing')} />
      </Group>
      {client && mailing ? (
        <Explanation key={`${client} ${mailing}`} clientId={client} mailingId={mailing} />
      ) : (
        <EmptyState text={t('choose')} />
      )}
    </Page>
  );
};

/** What is still open changes by itself. */
const AGAIN_MS = 5_000;

const Explanation: FC<{ clientId: string; mailingId: string }> = ({ clientId, mailingId }) => {
  const { t } = useTranslation('explanation');
  const [{ data, error }, ask] = useQuery({
    query: ExplanationDocument,
    variables: { clientId, mailingId },
    requestPolicy: 'network-only',
  });
  const isOpen = data?.explain?.decidedAt === null;
  useRepeat(() => {
    if (isOpen) ask({ requestPolicy: 'network-only' });
  }, AGAIN_MS);
  if (error && !data) return <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} />;
  if (!data) return <PageLoading />;
  if (!data.explain) return <EmptyState text={t('unknown', { client: clientId, mailing: mailingId })} />;
  return <Answer explanation={data.explain} />;
};

export default WhyPage;
