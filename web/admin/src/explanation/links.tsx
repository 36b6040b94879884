import { Group, Text } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { ExplanationPartsFragment } from '../api/documents';
import { shownPhone } from '../clients/phone';
import { ReferenceLink } from '../ui/reference-link';
import { MailingStatusBadge } from '../ui/status';

/** To the pages of all that the answer is about, as far as it is there. */
export const Links: FC<{ explanation: ExplanationPartsFragment }> = ({ explanation }) => {
  const { t } = useTranslation('explanation');
  const { client, mailing, message } = explanation;
  return (
    <Group gap="xl">
      <Linked name={t('client')}>
        {client ? (
          <>
            {shownPhone(client.phone)} <ReferenceLink id={client.id} />
          </>
        ) : (
          t('gone')
        )}
      </Linked>
      <Linked name={t('mailing')}>
        {mailing ? (
          <>
            <ReferenceLink id={mailing.id} /> <MailingStatusBadge status={mailing.status} />
          </>
        ) : (
          t('gone')
        )}
      </Linked>
      {message && (
        <Linked name={t('message')}>
          <ReferenceLink id={message.id} />
        </Linked>
      )}
    </Group>
  );
};

const Linked: FC<{ name: string; children: ReactNode }> = ({ name, children }) => (
  <Text component="div" size="sm">
    <Text span c="dimmed" inherit>
      {name}:
    </Text>{' '}
    {children}
  </Text>
);
