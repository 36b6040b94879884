import { Checkbox, Group, Select } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { ENCODINGS, type Format, SEPARATORS } from './format';

const ENCODING_NAMES = {
  'utf-8': 'UTF-8',
  'windows-1251': 'Windows-1251',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
} as const;

const SEPARATOR_KEYS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;

interface Props {
  readonly format: Format;
  readonly hasHeader: boolean;
  readonly onFormat: (format: Format) => void;
  readonly onHeader: (hasHeader: boolean) => void;
}

/** What was recognised, for those who know better. */
export const FormatChoice: FC<Props> = ({ format, hasHeader, onFormat, onHeader }) => {
  const { t } = useTranslation('clients');
  return (
    <Group align="flex-end">
      <Select
        label={t('import.encoding')}
        data={ENCODINGS.map((value) => ({ value, label: ENCODING_NAMES[value] }))}
        value={format.encoding}
        onChange={(encoding) => encoding && onFormat({ ...format, encoding })}
        allowDeselect={false}
        w={160}
      />
      <Select
        label={t('import.separator')}
        data={SEPARATORS.map((value) => ({ value, label: t(`import.separators.${SEPARATOR_KEYS[value]}`) }))}
        value={format.separator}
        onChange={(separator) => separator && onFormat({ ...format, separator })}
        allowDeselect={false}
        w={220}
      />
      <Checkbox
        label={t('import.hasHeader')}
        checked={hasHeader}
        onChange={({ currentTarget }) => onHeader(currentTarget.checked)}
        pb={8}
      />
    </Group>
  );
};
