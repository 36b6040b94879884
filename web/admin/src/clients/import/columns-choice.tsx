import { Select, SimpleGrid, Stack, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { ZonePicker } from '../zone-picker';
import { COLUMNS, type Column, FIELD_NAMES, type Mapping } from './columns';
import type { FileRow } from './rows';

interface Props {
  readonly first: readonly FileRow[];
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}

/** Which column of the file is which value. */
export const ColumnsChoice: FC<Props> = ({ first, mapping, onChange }) => {
  const { t } = useTranslation('clients');
  const header = first[0]?.fields ?? [];
  const names = header.map((name, place) => ({
    value: String(place),
    label: (mapping.hasHeader && name.trim()) || t('import.column', { number: place + 1 }),
  }));
  const place = (column: Column, value: string | null) =>
    onChange({ ...mapping, places: { ...mapping.places, [column]: value === null ? null : Number(value) } });
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('import.columns')}
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {COLUMNS.map((column) => (
          <Select
            key={column}
            label={t(`fields.${FIELD_NAMES[column]}`)}
            data={names}
            value={mapping.places[column] === null ? null : String(mapping.places[column])}
            onChange={(value) => place(column, value)}
            placeholder={t('import.notThere')}
            clearable
            clearButtonProps={{ 'aria-label': t('import.takeNone', { column: t(`fields.${FIELD_NAMES[column]}`) }) }}
            withAsterisk={column === 'phone'}
          />
        ))}
      </SimpleGrid>
      {mapping.places.timezone === null && (
        <ZonePicker
          label={t('import.zoneForAll')}
          description={t('import.zoneForAllHint')}
          required
          value={mapping.timezone}
          onChange={(timezone) => onChange({ ...mapping, timezone: timezone || null })}
        />
      )}
    </Stack>
  );
};
