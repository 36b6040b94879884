import { Stack, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { DayBars } from '../history/day-bars';
import type { Day } from '../history/use-last-days';
import { useOutcomeSeries } from '../ui/outcome-series';

/** What became of messages on each of the last days. */
export const LastDays: FC = () => {
  const { t } = useTranslation('overview');
  const series = useOutcomeSeries();
  return (
    <Stack component="section" gap="xs" aria-labelledby="days">
      <Title order={2} size="h3" id="days">
        {t('days')}
      </Title>
      <DayBars caption={t('daysCaption')} empty={t('noDays')} series={series} count={outcomesOf} />
    </Stack>
  );
};

function outcomesOf({ sent, failed, expired, unconfirmed, cancelled }: Day): Record<string, number> {
  return { sent, failed, expired, unconfirmed, cancelled };
}
