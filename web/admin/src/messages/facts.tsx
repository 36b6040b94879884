import { SimpleGrid } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { shownPhone } from '../clients/phone';
import { Fact } from '../ui/fact';
import { Moment } from '../ui/moment';
import { NamedLink, ReferenceLink } from '../ui/reference-link';
import { LocalClock } from './local-clock';
import { useReasonText } from './reason';
import type { OneMessage } from './use-message';

/** What it stands at, whose it is, and by which clock it goes. */
export const MessageFacts: FC<{ message: OneMessage }> = ({ message }) => {
  const { t } = useTranslation('messages');
  const reasonText = useReasonText();
  const { status, reason, createdAt, sentAt, client, mailing } = message;
  const timezone = client?.timezone ?? null;
  const { window } = mailing;
  return (
    <SimpleGrid component="dl" cols={{ base: 2, md: 3 }} spacing="sm" m={0}>
      <Fact name={t('fact.standing')}>
        {t(`standing.${status}`)}
        {reason && ` ${reasonText(reason)}.`}
      </Fact>
      <Fact name={t('fact.client')}>
        {client ? <NamedLink id={client.id}>{shownPhone(client.phone)}</NamedLink> : t('deletedClient')}
      </Fact>
      <Fact name={t('fact.mailing')}>
        <ReferenceLink id={mailing.id} />
      </Fact>
      {sentAt && (
        <Fact name={t('fact.sentAt')}>
          <Moment at={sentAt} precise timezone={timezone} />
        </Fact>
      )}
      <Fact name={t('fact.createdAt')}>
        <Moment at={createdAt} precise timezone={timezone} />
      </Fact>
      {timezone && (
        <Fact name={t('fact.localTime')}>
          <LocalClock timezone={timezone} />
        </Fact>
      )}
      <Fact name={t('fact.window')}>
        {window ? t('window', { from: window.opensAt, to: window.closesAt }) : t('noWindow')}
      </Fact>
      <Fact name={t('fact.endsAt')}>
        <Moment at={mailing.endsAt} timezone={timezone} />
      </Fact>
    </SimpleGrid>
  );
};
