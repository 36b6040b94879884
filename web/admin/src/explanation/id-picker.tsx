import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { FC } from 'react';

/** Something with an id, in words. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly nothingFound: string;
  /** What was found for what is typed. */
  readonly found: readonly Option[];
  readonly chosen: Option | null;
  readonly onChoose: (id: string | null) => void;
  readonly typed: string;
  readonly onType: (typed: string) => void;
}

/** One of many, of which the API finds a few by what is typed. */
export const IdPicker: FC<Props> = ({ chosen, found, nothingFound, onChoose, typed, onType, ...input }) => {
  const isFound = (id: string) => found.some(({ value }) => value === id);
  return (
    <Select
      {...input}
      data={chosen && !isFound(chosen.value) ? [chosen, ...found] : [...found]}
      value={chosen?.value ?? null}
      onChange={onChoose}
      searchable
      searchValue={typed}
      onSearchChange={onType}
      // What was chosen before is there for its label alone: it is nothing that the search has found.
      filter={({ options }) => options.filter((option) => 'value' in option && isFound(String(option.value)))}
      allowDeselect={false}
      nothingFoundMessage={nothingFound}
      clearable
      autoComplete="off"
      flex="1 1 280px"
    />
  );
};

const TYPING_MS = 250;

/** What to look for: what is typed once that rests; nothing while it is only what was chosen. */
export function useSearch(typed: string, chosen: Option | null): string {
  const [rested] = useDebouncedValue(typed.trim(), TYPING_MS);
  return rested === chosen?.label.trim() ? '' : rested;
}
