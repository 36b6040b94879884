/** Above the list of clients: whom it shows. */

import { Button, Group, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type FC, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';

import { ClientGroupsDocument } from '../api/documents';
import { type Choice, idIn, isEverybody, MOST_VALUES } from './choice';
import { TagsChoice } from './tags-choice';

const TYPING_MS = 300;
const LONGEST_SEARCH = 100;

interface Props {
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

export const ClientsChoice: FC<Props> = ({ choice, onChoose }) => {
  const { t } = useTranslation('clients');
  const [{ data }] = useQuery({ query: ClientGroupsDocument, variables: { first: MOST_VALUES } });
  return (
    <Group align="flex-end" role="search" aria-label={t('choice.label')}>
      <Search choice={choice} onChoose={onChoose} />
      <TagsInput
        label={t('choice.operatorCodes')}
        placeholder={choice.operatorCodes.length === 0 ? t('choice.any') : ''}
        data={data?.audience.byOperatorCode.map(({ value }) => value) ?? []}
        value={[...choice.operatorCodes]}
        onChange={(codes) => onChoose({ ...choice, operatorCodes: codes.filter((code) => /^\d{1,8}$/.test(code)) })}
        splitChars={[',', ' ', ';']}
        maxTags={MOST_VALUES}
        inputMode="numeric"
        clearable
        w={{ base: '100%', sm: 220 }}
      />
      <TagsChoice
        label={t('choice.tags')}
        groups={data?.audience.byTag ?? []}
        value={choice.tags}
        onChange={(tags) => onChoose({ ...choice, tags })}
      />
      {!isEverybody(choice) && (
        <Button variant="subtle" onClick={() => onChoose({ search: '', operatorCodes: [], tags: [] })}>
          {t('choice.reset')}
        </Button>
      )}
    </Group>
  );
};

/** What is typed is looked for as soon as the typing rests. */
const Search: FC<Props> = ({ choice, onChoose }) => {
  const { t } = useTranslation('clients');
  const navigate = useNavigate();
  const [text, setText] = useState(choice.search);
  const found = useRef(choice.search);
  const find = useDebouncedCallback((search: string) => {
    found.current = search;
    onChoose({ ...choice, search });
  }, TYPING_MS);
  // The address may change under the field: by "back", for example.
  useEffect(() => {
    if (choice.search !== found.current) setText(choice.search);
    found.current = choice.search;
  }, [choice.search]);
  return (
    <TextInput
      type="search"
      label={t('choice.search')}
      placeholder={t('choice.searchExample')}
      value={text}
      maxLength={LONGEST_SEARCH}
      leftSection={<IconSearch size={16} aria-hidden />}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        find(currentTarget.value.trim());
      }}
      // Whoever goes on to another page must not be called back by what was typed here.
      onBlur={() => find.flush()}
      onKeyDown={({ key }) => {
        const id = idIn({ ...choice, search: text.trim() });
        if (key === 'Enter' && id) navigate(`/clients/${id}`);
      }}
      flex="1 1 260px"
    />
  );
};
