import { Table } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { MailingGroupFragment } from '../../api/documents';
import { CountsBar } from '../../ui/counts-bar';
import { useFormat } from '../../ui/format';
import { countsOf, type Property } from './groups';

interface Props {
  readonly property: Property;
  readonly groups: readonly MailingGroupFragment[];
}

export const GroupTable: FC<Props> = ({ property, groups }) => {
  const { t } = useTranslation(['mailing', 'common']);
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table className="figures" aria-label={t('groups.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(`groups.${property}`)}</Table.Th>
            <Table.Th ta="end">{t('messages')}</Table.Th>
            <Table.Th ta="end">{t('common:status.SENT')}</Table.Th>
            <Table.Th ta="end">{t('groups.notSent')}</Table.Th>
            <Table.Th w="40%">{t('progress')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => (
            <GroupRow key={group.value} group={group} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
};

const GroupRow: FC<{ group: MailingGroupFragment }> = ({ group }) => {
  const { t } = useTranslation(['mailing', 'common']);
  const format = useFormat();
  const counts = countsOf(group);
  const { total, pending, sending, sent } = counts;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} className="said">
        {group.value || t('noTag')}
      </Table.Th>
      <Table.Td ta="end">{format.number(total)}</Table.Td>
      <Table.Td ta="end">{format.number(sent)}</Table.Td>
      <Table.Td ta="end">{format.number(total - pending - sending - sent)}</Table.Td>
      <Table.Td>
        <CountsBar counts={counts} size="md" />
      </Table.Td>
    </Table.Tr>
  );
};
