import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { DayBars } from '../history/day-bars';
import type { Day } from '../history/use-last-days';
import { STATUS_COLOURS } from '../ui/status';

/** How many requests the provider got on each of the last days, and how many of them failed. */
export const RequestDays: FC = () => {
  const { t } = useTranslation('provider');
  const series = useMemo(
    () => [
      { key: 'answered', name: t('answered'), colour: STATUS_COLOURS.SENT },
      { key: 'failed', name: t('failed'), colour: STATUS_COLOURS.FAILED },
    ],
    [t],
  );
  return <DayBars caption={t('daysCaption')} empty={t('noDays')} series={series} count={requestsOf} />;
};

function requestsOf({ requests, failedRequests }: Day): Record<string, number> {
  return { answered: requests - failedRequests, failed: failedRequests };
}
