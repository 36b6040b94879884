import { Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../ui/format';
import { useNow } from '../ui/now';

/** What the clocks of a zone show now, and goes on with them. Nothing for a zone that this browser does not know. */
export const LocalClock: FC<{ timezone: string }> = ({ timezone }) => {
  const { t } = useTranslation('clients');
  const format = useFormat();
  const now = useNow();
  const shown = timeIn(timezone, now, format.time);
  if (shown === null) return null;
  return (
    <Text span c="dimmed" inherit className="figures">
      {t('localTime', { time: shown })}
    </Text>
  );
};

function timeIn(timezone: string, now: number, write: (iso: string, timezone: string) => string): string | null {
  try {
    return write(new Date(now).toISOString(), timezone);
  } catch (error) {
    // The API may know zones that are newer than the browser.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
