import { ActionIcon, Group, Input } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type FC, type ReactNode, useState } from 'react';
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

/** No service is older. While a year is typed it begins as one of the first thousand. */
const FIRST = '2000-01-01';
const PAUSE_MS = 500;

/** One day out of all that there are reports of: by the calendar, or step by step. */
export const ChooseDay: FC<Props> = ({ day, latest, problem, onChoose }) => {
  const { t } = useTranslation('report');
  const [typed, setTyped] = useState({ instead: day, value: day });
  const shown = typed.instead === day ? typed.value : day;
  // Each key makes another day of it. To load that one would take the field away from whoever is typing.
  const choose = useDebouncedCallback((value: string) => value >= FIRST && onChoose(value), PAUSE_MS);

  const type = (value: string) => {
    setTyped({ instead: day, value });
    choose(value);
  };
  // From a day to come the way back leads to the last that there is.
  const nearest = day > latest ? later(latest, 1) : day;
  const leave = () => {
    if (shown < FIRST) setTyped({ instead: day, value: day });
  };

  return (
    <Input.Wrapper label={t('day')} error={problem}>
      <Group gap="xs">
        <Input
          type="date"
          value={shown}
          min={FIRST}
          max={latest}
          error={problem !== null}
          onChange={(event) => type(event.currentTarget.value)}
          onBlur={leave}
        />
        <Step to={day && later(nearest, -1)} isOpen={day > FIRST} label={t('dayBefore')} onChoose={onChoose}>
          <IconChevronLeft size={18} aria-hidden />
        </Step>
        <Step to={day && later(day, 1)} isOpen={day !== '' && day < latest} label={t('dayAfter')} onChoose={onChoose}>
          <IconChevronRight size={18} aria-hidden />
        </Step>
      </Group>
    </Input.Wrapper>
  );
};

interface StepProps {
  readonly to: string;
  readonly isOpen: boolean;
  readonly label: string;
  readonly onChoose: (day: string) => void;
  readonly children: ReactNode;
}

const Step: FC<StepProps> = ({ to, isOpen, label, onChoose, children }) => (
  <ActionIcon variant="default" size="input-sm" disabled={!isOpen} onClick={() => onChoose(to)} aria-label={label}>
    {children}
  </ActionIcon>
);
