import { ActionIcon, Group, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { later } from './day';

interface Props {
  /** Empty as long as nobody knows which. */
  readonly day: string;
  /** The last that has a report. */
  readonly latest: string;
  readonly problem: string | null;
  readonly onChoose: (day: string) => void;
}

/** One day out of all that there are reports of: by the calendar, or step by step. */
export const ChooseDay: FC<Props> = ({ day, latest, problem, onChoose }) => {
  const { t } = useTranslation('report');
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        type="date"
        label={t('day')}
        value={day}
        max={latest}
        error={problem}
        onChange={(event) => onChoose(event.currentTarget.value)}
      />
      <ActionIcon
        variant="default"
        size="input-sm"
        disabled={day === ''}
        onClick={() => onChoose(later(day, -1))}
        aria-label={t('dayBefore')}
      >
        <IconChevronLeft size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="input-sm"
        disabled={day === '' || day >= latest}
        onClick={() => onChoose(later(day, 1))}
        aria-label={t('dayAfter')}
      >
        <IconChevronRight size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
};
