/** The answer in words, and below it the facts that it comes from. */

import { Alert, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { ExplanationOutcome, ExplanationPartsFragment } from '../api/documents';
import { useReasonText } from '../messages/reason';
import { Timeline } from '../timeline/timeline';
import { Moment } from '../ui/moment';
import { FilterFacts } from './filter-facts';
import { Links } from './links';
import { ProviderFacts, TryFacts } from './try-facts';
import { WindowFacts } from './window-facts';
import { mismatches, useCauseText } from './words';

const COLOURS: Record<ExplanationOutcome, string> = {
  SENT: 'teal',
  MAY_HAVE_BEEN_SENT: 'violet',
  BEING_SENT: 'blue',
  WILL_BE_SENT: 'blue',
  WILL_NOT_BE_SENT: 'orange',
  NOT_SENT: 'red',
  UNKNOWN: 'gray',
};

export const Answer: FC<{ explanation: ExplanationPartsFragment }> = ({ explanation }) => {
  const { t } = useTranslation(['explanation', 'timeline']);
  const { message, window, mailing, tries, outcome } = explanation;
  return (
    <Stack gap="lg">
      <InWords explanation={explanation} />
      <Links explanation={explanation} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <FilterFacts then={explanation.filterThen} now={explanation.filterNow} />
        {window && <WindowFacts verdict={window} mailing={mailing} />}
        {outcome !== 'UNKNOWN' && <TryFacts explanation={explanation} />}
        <ProviderFacts health={explanation.providerHealth} />
      </SimpleGrid>
      {message && (
        <Stack component="section" gap="sm">
          <Title order={2} size="h3">
            {t('timeline:title')}
          </Title>
          <Timeline of={message.id} timezone={window?.timezone ?? null} version={`${message.status} ${tries}`} />
        </Stack>
      )}
      <Text size="sm" c="dimmed">
        {t('asOf')} <Moment at={explanation.updatedAt} precise />
      </Text>
    </Stack>
  );
};

const InWords: FC<{ explanation: ExplanationPartsFragment }> = ({ explanation }) => {
  const { t } = useTranslation('explanation');
  const why = useCauseText();
  const saidReason = useReasonText();
  const { outcome, decidedAt, earliestAt, message, window } = explanation;
  const timezone = window?.timezone ?? null;
  const match = explanation.filterThen ?? explanation.filterNow;
  const isOpen = message?.status === 'PENDING' || message?.status === 'SENDING';
  return (
    <Alert
      color={COLOURS[outcome]}
      role="status"
      title={
        <Title order={2} size="h3" c="var(--mantine-color-text)">
          {t(`outcome.${outcome}`)}
        </Title>
      }
    >
      <Stack gap={4}>
        <Text size="md">{why(explanation)}</Text>
        {explanation.cause === 'FILTER' && match && mismatches(match, t).map((said) => <Text key={said}>{said}</Text>)}
        {message?.reason && <Text>{t('reason', { reason: saidReason(message.reason) })}</Text>}
        {message?.reason && isOpen && <Text>{t('doubt')}</Text>}
        {earliestAt && (
          <Text>
            {t('earliest')} <Moment at={earliestAt} timezone={timezone} distance />
          </Text>
        )}
        {decidedAt && (
          <Text>
            {t('decided')} <Moment at={decidedAt} timezone={timezone} />
          </Text>
        )}
      </Stack>
    </Alert>
  );
};
