import { Anchor, DataList } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { ExplanationPartsFragment } from '../api/documents';
import { useFormat } from '../ui/format';
import { Moment } from '../ui/moment';
import { MessageStatusBadge } from '../ui/status';
import { Fact, FactCard } from './fact-card';

/** What was tried for the message. */
export const TryFacts: FC<{ explanation: ExplanationPartsFragment }> = ({ explanation }) => {
  const { t } = useTranslation('explanation');
  const format = useFormat();
  const { message, tries, nextTryAt, window } = explanation;
  return (
    <FactCard title={t('tries.title')}>
      <DataList labelWidth="150px">
        <Fact name={t('tries.message')}>
          {message ? <MessageStatusBadge status={message.status} /> : t('tries.noMessage')}
        </Fact>
        <Fact name={t('tries.requests')}>{format.number(tries)}</Fact>
        {nextTryAt && (
          <Fact name={t('tries.next')}>
            <Moment at={nextTryAt} timezone={window?.timezone ?? null} distance />
          </Fact>
        )}
      </DataList>
    </FactCard>
  );
};

/** Whether anything goes out to the provider now. */
export const ProviderFacts: FC<{ health: ExplanationPartsFragment['providerHealth'] }> = ({ health }) => {
  const { t } = useTranslation('explanation');
  return (
    <FactCard title={t('provider.title')}>
      <DataList labelWidth="150px">
        <Fact name={t('provider.now')}>{t(`provider.${health.breaker}`)}</Fact>
        <Fact name={t('provider.since')}>
          <Moment at={health.since} distance />
        </Fact>
      </DataList>
      <Anchor component={Link} to="/provider" size="sm">
        {t('provider.more')}
      </Anchor>
    </FactCard>
  );
};
