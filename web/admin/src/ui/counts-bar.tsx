import { Progress } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { MessageStatus } from '../api/documents';
import { useFormat } from './format';
import { MESSAGE_STATUSES, STATUS_COLOURS } from './status';

/** What is done fills the bar from the left. */
const FROM_THE_LEFT = [
  'SENT',
  'FAILED',
  'EXPIRED',
  'UNCONFIRMED',
  'CANCELLED',
  'SENDING',
  'PENDING',
] as const satisfies readonly MessageStatus[];

/** The seven counts of a mailing's messages. */
export interface Counts {
  readonly total: number;
  readonly pending: number;
  readonly sending: number;
  readonly sent: number;
  readonly failed: number;
  readonly expired: number;
  readonly unconfirmed: number;
  readonly cancelled: number;
}

/** How many of all messages stand where, as one bar. */
export const CountsBar: FC<{ counts: Counts; size?: string }> = ({ counts, size = 'lg' }) => {
  const { t } = useTranslation();
  const format = useFormat();
  const ended = counts.total - counts.pending - counts.sending;
  const said = MESSAGE_STATUSES.filter((status) => countOf(counts, status) > 0)
    .map((status) => `${t(`status.${status}`)}: ${format.number(countOf(counts, status))}`)
    .join(', ');
  return (
    <Progress.Root
      size={size}
      // It moves by itself several times a second: each way there would be drawn frame by frame.
      transitionDuration={0}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={counts.total}
      aria-valuenow={ended}
      aria-valuetext={said || t('counts.messages', { count: 0 })}
      aria-label={t('counts.messages', { count: counts.total })}
      title={said}
    >
      {FROM_THE_LEFT.map((status) => (
        <Progress.Section
          key={status}
          withAria={false}
          value={counts.total === 0 ? 0 : (countOf(counts, status) / counts.total) * 100}
          color={STATUS_COLOURS[status]}
        />
      ))}
    </Progress.Root>
  );
};

export function countOf(counts: Counts, status: (typeof MESSAGE_STATUSES)[number]): number {
  return counts[status.toLowerCase() as Lowercase<typeof status>];
}
