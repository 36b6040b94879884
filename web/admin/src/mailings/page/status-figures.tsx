import { Anchor, Group, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { MessageStatus, ProgressFragment } from '../../api/documents';
import { countOf } from '../../ui/counts-bar';
import { useFormat } from '../../ui/format';
import { MESSAGE_STATUSES, STATUS_COLOURS } from '../../ui/status';

/** The bar's legend, with its figures. Each leads to the messages that it counts. */
export const StatusFigures: FC<{ progress: ProgressFragment }> = ({ progress }) => {
  const { t } = useTranslation(['mailing', 'common']);
  return (
    <Group component="ul" gap="4px 24px" m={0} p={0} className="figures" aria-label={t('byStatus')}>
      <li style={{ listStyle: 'none' }}>
        <Text fw={600}>{t('common:counts.messages', { count: progress.total })}</Text>
      </li>
      {MESSAGE_STATUSES.filter((status) => countOf(progress, status) > 0 || status === 'SENT').map((status) => (
        <StatusFigure key={status} status={status} count={countOf(progress, status)} total={progress.total} />
      ))}
    </Group>
  );
};

const StatusFigure: FC<{ status: MessageStatus; count: number; total: number }> = ({ status, count, total }) => {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Group component="li" gap={6} wrap="nowrap" style={{ listStyle: 'none' }}>
      <svg width="12" height="12" aria-hidden="true">
        <rect width="12" height="12" rx="3" fill={STATUS_COLOURS[status]} />
      </svg>
      <Anchor component={Link} to={`?tab=messages&status=${status}`} preventScrollReset c="var(--mantine-color-text)">
        {t(`status.${status}`)}
      </Anchor>
      <Text fw={600}>{format.number(count)}</Text>
      <Text c="dimmed" size="sm">
        {format.share(count, total)}
      </Text>
    </Group>
  );
};
