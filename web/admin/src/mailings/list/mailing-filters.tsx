import { Chip, Group, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type FC, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { MailingStatus } from '../../api/documents';
import { MAILING_STATUSES } from '../../ui/status';
import type { ListFilter } from './use-list-filter';

const PAUSE_MS = 300;

interface Props {
  readonly filter: ListFilter;
  readonly onChange: (change: Partial<ListFilter>) => void;
}

/** By status, and by text or id. */
export const MailingFilters: FC<Props> = ({ filter, onChange }) => {
  const { t } = useTranslation('mailings');
  const { t: common } = useTranslation();
  const label = useId();
  return (
    <Group gap="md" role="search">
      <SearchField value={filter.search} onChange={(search) => onChange({ search })} />
      <Group gap={6} role="group" aria-labelledby={label}>
        <VisuallyHidden id={label}>{t('list.byStatus')}</VisuallyHidden>
        <Chip.Group
          multiple
          value={[...filter.statuses]}
          onChange={(statuses) => onChange({ statuses: statuses as MailingStatus[] })}
        >
          {MAILING_STATUSES.map((status) => (
            <Chip key={status} value={status} size="xs" variant="outline">
              {common(`mailingStatus.${status}`)}
            </Chip>
          ))}
        </Chip.Group>
      </Group>
    </Group>
  );
};

/** Keeps what is typed until the address has it; an address that changes by itself, as "back" does it, has its say. */
const SearchField: FC<{ value: string; onChange: (value: string) => void }> = ({ value, onChange }) => {
  const { t } = useTranslation('mailings');
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  const tell = useDebouncedCallback((search: string) => {
    told.current = search.trim() === '' ? '' : search;
    onChange(search);
  }, PAUSE_MS);
  return (
    <TextInput
      type="search"
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      maxLength={100}
      w={{ base: '100%', xs: 280 }}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        tell(currentTarget.value);
      }}
      // Whoever goes on to another page must not be called back by what was typed here.
      onBlur={() => tell.flush()}
    />
  );
};
