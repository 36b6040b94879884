import { MultiSelect } from '@mantine/core';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../ui/format';
import { MOST_VALUES } from './choice';

interface Group {
  readonly value: string;
  readonly total: number;
}

interface Props {
  readonly label: string;
  /** The tags that most clients have, and how many. */
  readonly groups: readonly Group[];
  readonly value: readonly string[];
  readonly onChange: (tags: string[]) => void;
}

/** Of values in a list: `''` would be none of them. */
const PREFIX = '#';

/** Some of the tags that there are, clients without one among them, and any other that is typed whole. */
export const TagsChoice: FC<Props> = ({ label, groups, value, onChange }) => {
  const { t } = useTranslation('clients');
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const written = (tag: string) => (tag === '' ? t('noTag') : tag);
  const known = new Set([...groups.map((group) => group.value), ...value]);
  const offered = typed.trim() === '' || known.has(typed.trim()) ? [...known] : [...known, typed.trim()];
  const totals = new Map(groups.map((group) => [group.value, group.total]));
  return (
    <MultiSelect
      label={label}
      placeholder={value.length === 0 ? t('choice.any') : ''}
      data={offered.map((tag) => ({ value: PREFIX + tag, label: written(tag) }))}
      value={value.map((tag) => PREFIX + tag)}
      onChange={(tags) => onChange(tags.map((tag) => tag.slice(PREFIX.length)))}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      limit={MOST_VALUES}
      maxValues={MOST_VALUES}
      clearable
      nothingFoundMessage={t('choice.noTag')}
      renderOption={({ option }) => {
        const total = totals.get(option.value.slice(PREFIX.length));
        return (
          <>
            {written(option.value.slice(PREFIX.length))}
            {total !== undefined && ` · ${format.number(total)}`}
          </>
        );
      }}
      w={{ base: '100%', sm: 260 }}
    />
  );
};
