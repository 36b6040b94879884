import { Stack, Table, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { useReasonText } from '../../messages/reason';
import { useFormat } from '../../ui/format';

interface Props {
  readonly failures: readonly { readonly reason: string; readonly count: number }[];
}

/** Why messages did not arrive, the most frequent reason first. */
export const MailingFailures: FC<Props> = ({ failures }) => {
  const { t } = useTranslation('mailing');
  const reasonText = useReasonText();
  const format = useFormat();
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3" id="failures">
        {t('failures.title')}
      </Title>
      {failures.length === 0 ? (
        <Text c="dimmed">{t('failures.none')}</Text>
      ) : (
        <Table aria-labelledby="failures" maw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('failures.reason')}</Table.Th>
              <Table.Th ta="end">{t('messages')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {failures.map(({ reason, count }) => (
              <Table.Tr key={reason}>
                <Table.Td className="said">{reasonText(reason)}</Table.Td>
                <Table.Td ta="end" className="figures">
                  {format.number(count)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
};
