/** What became of messages and requests on each of the last two weeks' days. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { LastDaysDocument, type LastDaysQuery } from '../api/documents';
import { useRepeat } from '../api/repeat';

export type Day = LastDaysQuery['dailyStatistics']['days'][number];

const AGAIN_MS = 20_000;

/** By the viewer's midnights, kept up to date. */
export function useLastDays() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const [{ data, error }, ask] = useQuery({ query: LastDaysDocument, variables: { timezone: timeZone } });
  const again = () => ask({ requestPolicy: 'network-only' });
  useRepeat(again, AGAIN_MS);
  return { statistics: data?.dailyStatistics, error, again };
}

export interface DayNames {
  /** "Nov 21". */
  readonly short: (date: string) => string;
  /** "Saturday, November 21". */
  readonly long: (date: string) => string;
}

/** A day has no zone: it is called the same everywhere. */
export function useDayNames(): DayNames {
  const { i18n } = useTranslation();
  return useMemo(() => dayNames(i18n.language), [i18n.language]);
}

export function dayNames(language: string): DayNames {
  const write = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
    return (date: string) => format.format(new Date(`${date}T00:00:00Z`));
  };
  return {
    short: write({ month: 'short', day: 'numeric' }),
    long: write({ weekday: 'long', month: 'long', day: 'numeric' }),
  };
}
