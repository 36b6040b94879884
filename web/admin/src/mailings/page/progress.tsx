import { Group, Stack, Text, Title } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { MailingExpectedDocument, type MailingFactsFragment, type ProgressFragment } from '../../api/documents';
import { rate } from '../../overview/rate';
import { CountsBar } from '../../ui/counts-bar';
import { Moment } from '../../ui/moment';
import { isIdle } from '../window/use-closed';
import { StatusFigures } from './status-figures';
import { WindowNote } from './window-note';

interface Props {
  readonly mailing: MailingFactsFragment;
  readonly progress: ProgressFragment;
}

/** How far it has come, how fast it goes, and when it will be through. */
export const MailingProgress: FC<Props> = ({ mailing, progress }) => {
  const { t } = useTranslation('mailing');
  const isEmpty = progress.total === 0;
  return (
    <Stack component="section" gap="sm" aria-labelledby="progress">
      <Title order={2} size="h3" id="progress">
        {t('progress')}
      </Title>
      {isEmpty && mailing.status === 'SCHEDULED' && <Expected filter={mailing.filter} />}
      {isEmpty && mailing.status !== 'SCHEDULED' && <Text c="dimmed">{t('noMessages')}</Text>}
      {!isEmpty && (
        <>
          <CountsBar counts={progress} size="xl" />
          <StatusFigures progress={progress} />
        </>
      )}
      {mailing.status === 'RUNNING' && !isEmpty && <Speed mailing={mailing} progress={progress} />}
      {isIdle(mailing.status, progress) && <WindowNote id={mailing.id} />}
    </Stack>
  );
};

const Speed: FC<Props> = ({ mailing, progress }) => {
  const { t } = useTranslation('mailing');
  const { messagesPerSecond, estimatedFinishAt } = progress;
  const isLate = estimatedFinishAt !== null && Date.parse(estimatedFinishAt) > Date.parse(mailing.endsAt);
  return (
    <Group gap="xl" className="figures">
      <Figure name={t('speed')}>{t('perSecond', { count: rate(messagesPerSecond) })}</Figure>
      <Figure name={t('finish')}>
        {estimatedFinishAt ? <Moment at={estimatedFinishAt} near distance /> : t('finishUnknown')}
        {isLate && ` – ${t('finishLate')}`}
      </Figure>
    </Group>
  );
};

const Figure: FC<{ name: string; children: ReactNode }> = ({ name, children }) => (
  <Text size="sm">
    <Text span inherit c="dimmed">
      {name}:
    </Text>{' '}
    {children}
  </Text>
);

/** A mailing that waits for its start has no messages yet: as many as its filter would choose now. */
const Expected: FC<{ filter: MailingFactsFragment['filter'] }> = ({ filter: { operatorCodes, tags } }) => {
  const { t } = useTranslation('mailing');
  const variables = { filter: { operatorCodes, tags } };
  const [{ data }] = useQuery({ query: MailingExpectedDocument, variables });
  return (
    <Text>
      {data && t('expected', { count: data.audience.total })} {t('notChosenYet')}
    </Text>
  );
};
