import { Table, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { MessageAttemptsFragment } from '../api/documents';
import { useFormat } from '../ui/format';
import { Moment } from '../ui/moment';

interface Props {
  readonly attempts: MessageAttemptsFragment['attempts'];
  readonly timezone: string | null;
}

/** Every request to the provider, with what it answered. */
export const MessageAttempts: FC<Props> = ({ attempts, timezone }) => {
  const { t } = useTranslation('messages');
  if (attempts.length === 0) return <Text c="dimmed">{t('attempts.none')}</Text>;
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table className="figures" verticalSpacing="xs" aria-label={t('attempts.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('attempts.number')}</Table.Th>
            <Table.Th>{t('attempts.startedAt')}</Table.Th>
            <Table.Th>{t('attempts.outcome')}</Table.Th>
            <Table.Th>{t('attempts.answer')}</Table.Th>
            <Table.Th ta="end">{t('attempts.took')}</Table.Th>
            <Table.Th>{t('attempts.next')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map((attempt) => (
            <AttemptRow key={attempt.startedAt} attempt={attempt} timezone={timezone} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
};

const AttemptRow: FC<{ attempt: Props['attempts'][number]; timezone: string | null }> = ({ attempt, timezone }) => {
  const { t } = useTranslation(['messages', 'timeline']);
  const format = useFormat();
  const { number, startedAt, durationMs, outcome, httpStatus, providerCode, response, spent, nextTryAt } = attempt;
  return (
    <Table.Tr>
      <Table.Td>
        {number}
        {!spent && (
          <Text size="sm" c="dimmed">
            {t('timeline:free')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Moment at={startedAt} precise timezone={timezone} />
      </Table.Td>
      <Table.Td>{t(`timeline:outcome.${outcome as 'ACCEPTED'}`, { defaultValue: outcome })}</Table.Td>
      <Table.Td className="said">
        {httpStatus !== null && `HTTP ${httpStatus}`}
        {providerCode !== null && `, ${t('timeline:code', { code: providerCode })}`}
        {response && (
          <Text size="xs" ff="monospace" c="dimmed" className="said">
            {response}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="end">{durationMs !== null && format.duration(durationMs)}</Table.Td>
      <Table.Td>{nextTryAt && <Moment at={nextTryAt} precise timezone={timezone} />}</Table.Td>
    </Table.Tr>
  );
};
