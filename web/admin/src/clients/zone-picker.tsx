import { type ComboboxItem, type ComboboxParsedItem, Group, Select, type SelectProps, Text } from '@mantine/core';
import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { ClientGroupsDocument } from '../api/documents';
import { LocalClock } from './local-clock';
import { allZones, isMeant, offsetOf } from './zones';

const MOST_USED = 5;

/** All at once would make typing slow; who does not find it among these types more. */
const MOST_SHOWN = 50;

type Props = Pick<SelectProps, 'label' | 'description' | 'required' | 'error' | 'value' | 'onFocus' | 'onBlur'> & {
  readonly onChange?: (zone: string) => void;
};

/** A time zone, by a part of its name or its offset. Those that most clients have come first. */
export const ZonePicker: FC<Props> = ({ value, onChange, ...input }) => {
  const { t } = useTranslation('clients');
  const [{ data }] = useQuery({ query: ClientGroupsDocument, variables: { first: MOST_USED } });
  const used = (data?.audience.byTimezone ?? []).map((group) => group.value);
  const zones = useMemo(() => allZones(value ? [value] : []), [value]);
  const others = zones.filter((zone) => !used.includes(zone));
  return (
    <Select
      {...input}
      data={[
        ...(used.length > 0 ? [{ group: t('zones.mostUsed'), items: used }] : []),
        { group: t('zones.all'), items: others },
      ]}
      value={value || null}
      onChange={(zone) => onChange?.(zone ?? '')}
      searchable
      withAsterisk={input.required ?? false}
      allowDeselect={false}
      limit={MOST_SHOWN}
      comboboxProps={{ keepMounted: false }}
      placeholder={t('zones.example')}
      nothingFoundMessage={t('zones.none')}
      filter={({ options, search, limit }) => meant(options, search, limit)}
      renderOption={({ option }) => <Option zone={option.value} />}
      autoComplete="off"
    />
  );
};

const Option: FC<{ zone: string }> = ({ zone }) => (
  <Group justify="space-between" gap="xs" w="100%">
    <span>{zone}</span>
    <Text span size="sm" className="figures">
      {offsetOf(zone) && `UTC${offsetOf(zone)}`} <LocalClock timezone={zone} />
    </Text>
  </Group>
);

/** The first so many of those that are meant, of each group. */
function meant(options: readonly ComboboxParsedItem[], typed: string, limit: number): ComboboxParsedItem[] {
  const some = (items: readonly ComboboxItem[]) => items.filter(({ value }) => isMeant(value, typed)).slice(0, limit);
  return options.flatMap((option): ComboboxParsedItem[] => {
    const items = 'group' in option ? some(option.items) : some([option]);
    if (!('group' in option)) return items;
    return items.length > 0 ? [{ ...option, items }] : [];
  });
}
