/** The five ways in which a message ends, as a chart shows them. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { BarSeries } from './stacked-bars';
import { STATUS_COLOURS } from './status';

const ENDS = ['SENT', 'FAILED', 'EXPIRED', 'UNCONFIRMED', 'CANCELLED'] as const;

/** Their keys are the names that these counts have in the API: its days and steps are values of bars as they are. */
export function useOutcomeSeries(): readonly BarSeries[] {
  const { t } = useTranslation();
  return useMemo(
    () =>
      ENDS.map((status) => ({
        key: status.toLowerCase(),
        name: t(`status.${status}`),
        colour: STATUS_COLOURS[status],
      })),
    [t],
  );
}
