import {
  type ComboboxItem,
  type ComboboxParsedItem,
  Group,
  type OptionsFilter,
  Select,
  type SelectProps,
  Text,
} from '@mantine/core';
import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { ClientGroupsDocument } from '../api/documents';
import { LocalClock } from './local-clock';
import { allZones, isMeant, type Zone } from './zones';

const MOST_USED = 5;

type Props = Pick<SelectProps, 'label' | 'description' | 'required' | 'error' | 'value' | 'onFocus' | 'onBlur'> & {
  readonly onChange?: (zone: string) => void;
};

/** A time zone, by a part of its name or its offset. Those that most clients have come first. */
export const ZonePicker: FC<Props> = ({ value, onChange, ...input }) => {
  const { t } = useTranslation('clients');
  const [{ data }] = useQuery({ query: ClientGroupsDocument, variables: { first: MOST_USED } });
  const zones = useMemo(() => allZones(value ? [value] : []), [value]);
  const byName = useMemo(() => new Map(zones.map((zone) => [zone.name, zone])), [zones]);
  const used = (data?.audience.byTimezone ?? []).map((group) => group.value).filter((name) => byName.has(name));
  const others = zones.map(({ name }) => name).filter((name) => !used.includes(name));
  return (
    <Select
      {...input}
      data={
        used.length === 0
          ? others
          : [
              { group: t('zones.mostUsed'), items: used },
              { group: t('zones.all'), items: others },
            ]
      }
      value={value || null}
      onChange={(zone) => onChange?.(zone ?? '')}
      searchable
      withAsterisk={input.required ?? false}
      allowDeselect={false}
      limit={60}
      placeholder={t('zones.example')}
      nothingFoundMessage={t('zones.none')}
      filter={filterFor(byName)}
      renderOption={({ option }) => <Option zone={byName.get(option.value)} />}
      autoComplete="off"
    />
  );
};

const Option: FC<{ zone: Zone | undefined }> = ({ zone }) =>
  zone && (
    <Group justify="space-between" gap="xs" w="100%">
      <span>{zone.name}</span>
      <Text span size="sm" className="figures">
        {zone.offset && `UTC${zone.offset}`} <LocalClock timezone={zone.name} />
      </Text>
    </Group>
  );

function filterFor(zones: ReadonlyMap<string, Zone>): OptionsFilter {
  const matches = (item: ComboboxItem, typed: string) => {
    const zone = zones.get(item.value);
    return zone !== undefined && isMeant(zone, typed);
  };
  return ({ options, search }) =>
    options.flatMap((option): ComboboxParsedItem[] => {
      if (!('group' in option)) return matches(option, search) ? [option] : [];
      const items = option.items.filter((item) => matches(item, search));
      return items.length > 0 ? [{ ...option, items }] : [];
    });
}
