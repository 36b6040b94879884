import { Anchor, Stack, Table, Text } from '@mantine/core';
import { type FC, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { MailingListRowFragment } from '../../api/documents';
import { rate } from '../../overview/rate';
import { CountsBar } from '../../ui/counts-bar';
import { useFormat } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { MailingStatusBadge } from '../../ui/status';
import { isIdle } from '../window/use-closed';
import { WhyNothing } from '../window/why-nothing';
import { type Live, latest } from './use-running';

interface Props {
  readonly rows: readonly MailingListRowFragment[];
  readonly running: ReadonlyMap<string, Live> | undefined;
}

/** One page of mailings. */
export const MailingTable: FC<Props> = ({ rows, running }) => {
  const { t } = useTranslation('mailings');
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('list.mailing')}</Table.Th>
            <Table.Th scope="col" w="32%">
              {t('list.progress')}
            </Table.Th>
            <Table.Th scope="col" visibleFrom="sm">
              {t('list.starts')}
            </Table.Th>
            <Table.Th scope="col" visibleFrom="sm">
              {t('list.ends')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} live={running?.get(row.id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
};

/** Drawn anew only when something of it has changed: others may change many times a second. */
const Row = memo<{ row: MailingListRowFragment; live: Live | undefined }>(({ row, live }) => {
  const { t } = useTranslation('mailings');
  const format = useFormat();
  const { id, text, status, startsAt, endsAt, progress } = latest(row, live);
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/mailings/${id}`} lineClamp={2} size="sm" fw={500} className="said" maw={360}>
          {text}
        </Anchor>
        <Text size="xs" c="dimmed">
          {id}
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {t('list.period', { starts: format.near(startsAt), ends: format.near(endsAt) })}
        </Text>
      </Table.Td>
      <Table.Td>
        <Stack gap={6} align="stretch">
          <MailingStatusBadge status={status} />
          {status !== 'SCHEDULED' && <HowFar id={id} status={status} progress={progress} />}
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Moment at={startsAt} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Moment at={endsAt} />
      </Table.Td>
    </Table.Tr>
  );
});

const HowFar: FC<Pick<MailingListRowFragment, 'id' | 'status' | 'progress'>> = ({ id, status, progress }) => {
  const { t } = useTranslation('mailings');
  const format = useFormat();
  const { sent, total, messagesPerSecond } = progress;
  return (
    <Stack gap={4}>
      <CountsBar counts={progress} size="sm" />
      <Text size="xs" c="dimmed" className="figures">
        {t('list.sent', { sent: format.number(sent), total: format.number(total) })}
        {messagesPerSecond > 0 && ` · ${t('list.rate', { rate: format.number(rate(messagesPerSecond)) })}`}
      </Text>
      {isIdle(status, progress) && (
        <Text size="xs" c="dimmed">
          <WhyNothing id={id} otherwise={t('list.nothingNow')} />
        </Text>
      )}
    </Stack>
  );
};
