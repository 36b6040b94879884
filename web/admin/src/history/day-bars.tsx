import { Text } from '@mantine/core';
import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { Moment } from '../ui/moment';
import { PageLoading } from '../ui/page-loading';
import { type BarSeries, StackedBars } from '../ui/stacked-bars';
import { type Day, useDayNames, useLastDays } from './use-last-days';

interface Props {
  readonly caption: string;
  /** Instead of bars, where there is nothing to count. */
  readonly empty: string;
  readonly series: readonly BarSeries[];
  /** What is counted of a day. */
  readonly count: (day: Day) => Readonly<Record<string, number>>;
}

/** The last two weeks as bars, one for each day. */
export const DayBars: FC<Props> = ({ caption, empty, series, count }) => {
  const { t } = useTranslation();
  const { statistics, error, again } = useLastDays();
  const names = useDayNames();
  const steps = useMemo(
    () =>
      (statistics?.days ?? []).map((day) => ({
        key: day.date,
        tick: names.short(day.date),
        name: names.long(day.date),
        values: count(day),
      })),
    [statistics, names, count],
  );
  if (!statistics) return error ? <Failure error={error} onTryAgain={again} /> : <PageLoading />;
  if (steps.every(({ values }) => series.every(({ key }) => !values[key]))) return <EmptyState text={empty} />;
  return (
    <>
      <StackedBars caption={caption} stepName={t('chart.day')} steps={steps} series={series} />
      <CountedSince since={statistics.countedSince} first={statistics.days[0]} />
    </>
  );
};

/** That some days are not told whole. */
const CountedSince: FC<{ since: string | null; first: Day | undefined }> = ({ since, first }) => {
  const { t } = useTranslation();
  if (!since || !first || Date.parse(since) <= Date.parse(first.startsAt)) return null;
  return (
    <Text size="sm" c="dimmed" mt="xs">
      {t('chart.countedSince')} <Moment at={since} />
    </Text>
  );
};
