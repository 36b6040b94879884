import { Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { OverviewRiskFragment } from '../api/documents';
import { useFormat } from '../ui/format';
import { rate } from './rate';

/** That a mailing will miss its end if nothing changes, by how much at least, and why. */
export const RiskNote: FC<{ risk: OverviewRiskFragment }> = ({ risk }) => {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const speed = format.number(rate(risk.messagesPerSecond ?? 0));
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <IconAlertTriangle size={20} style={{ flex: 'none' }} color="var(--mantine-color-error)" aria-hidden />
      <Text size="sm">
        <strong>{t('risk.count', { count: risk.willMiss })}</strong> {t(`risk.${risk.cause}`, { rate: speed })}
      </Text>
    </Group>
  );
};
