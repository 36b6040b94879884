import { DataList } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { HealthFragment } from '../api/documents';
import { useFormat } from '../ui/format';
import { Moment } from '../ui/moment';
import { useNow } from '../ui/now';

/** Everything that is known of the provider's health, each with its name. */
export const HealthFigures: FC<{ health: HealthFragment }> = ({ health }) => {
  const { t } = useTranslation('provider');
  const isHeld = health.breaker !== 'CLOSED';
  return (
    <DataList orientation="vertical" size="md" className="figures">
      <Figure name={isHeld ? t('heldSince') : t('worksSince')}>
        <Moment at={health.since} distance />
      </Figure>
      {health.nextProbeAt && (
        <Figure name={t('nextTry')}>
          <NextTry at={health.nextProbeAt} />
        </Figure>
      )}
      {health.reason && (
        <Figure name={t('seenLast')}>
          <span className="said">{health.reason}</span>
        </Figure>
      )}
      <Figure name={t('lately')}>
        <Failures health={health} />
      </Figure>
    </DataList>
  );
};

/** "1,204 requests in the last 10 seconds; 3 of them failed (0.2%)". */
export const Failures: FC<{ health: HealthFragment }> = ({ health }) => {
  const { t } = useTranslation('provider');
  const format = useFormat();
  const { recentRequests, recentFailures } = health;
  if (recentRequests === 0) return t('noRequests');
  const requests = t('requests', { count: recentRequests });
  if (recentFailures === 0) return t('noneFailed', { requests });
  return t('someFailed', { requests, count: recentFailures, share: format.share(recentFailures, recentRequests) });
};

const Figure: FC<{ name: string; children: ReactNode }> = ({ name, children }) => (
  <DataList.Item>
    <DataList.ItemLabel>{name}</DataList.ItemLabel>
    <DataList.ItemValue>{children}</DataList.ItemValue>
  </DataList.Item>
);

/** A moment that has passed says that no message was due since: one is needed to try with. */
const NextTry: FC<{ at: string }> = ({ at }) => {
  const { t } = useTranslation('provider');
  const now = useNow();
  return Date.parse(at) > now ? <Moment at={at} precise distance /> : t('withNext');
};
