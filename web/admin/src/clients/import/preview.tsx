import { Stack, Table, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { COLUMNS, FIELD_NAMES, type Mapping, sentColumns, sentValue } from './columns';
import type { FileRow } from './rows';

/** The first clients as they would be imported. */
export const Preview: FC<{ first: readonly FileRow[]; mapping: Mapping }> = ({ first, mapping }) => {
  const { t } = useTranslation('clients');
  const rows = first.slice(mapping.hasHeader ? 1 : 0);
  const sent = new Set(sentColumns(mapping));
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('import.preview')}
      </Title>
      {rows.length === 0 && <Text c="dimmed">{t('import.noRows')}</Text>}
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={520} type="native">
          <Table withTableBorder>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('import.line')}</Table.Th>
                {COLUMNS.map((column) => (
                  <Table.Th key={column} scope="col">
                    {t(`fields.${FIELD_NAMES[column]}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.line}>
                  <Table.Td className="figures">{row.line}</Table.Td>
                  {COLUMNS.map((column) => (
                    <Table.Td key={column} className="said">
                      {sent.has(column) ? sentValue(column, row.fields, mapping) : '—'}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
};
