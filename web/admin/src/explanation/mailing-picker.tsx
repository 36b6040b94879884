import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import {
  ExplanationMailingDocument,
  type ExplanationMailingPartsFragment,
  ExplanationMailingsDocument,
} from '../api/documents';
import { IdPicker, type Option, useSearch } from './id-picker';

interface Props {
  readonly id: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** A mailing by its text or id, the newest first; by its id also one that was deleted. */
export const MailingPicker: FC<Props> = ({ id, onChoose }) => {
  const { t } = useTranslation('explanation');
  const [typed, setTyped] = useState('');
  const [{ data: one }] = useQuery({ query: ExplanationMailingDocument, variables: { id: id ?? '' }, pause: !id });
  const chosen = id === null ? null : (one?.mailing?.id === id && optionOf(one.mailing)) || { value: id, label: id };
  const search = useSearch(typed, chosen);
  const [{ data }] = useQuery({ query: ExplanationMailingsDocument, variables: { search } });
  const matching = data?.mailings.nodes.toReversed().map(optionOf) ?? [];
  const isUnknown = /^mailing_\d+$/.test(search) && matching.every(({ value }) => value !== search);
  return (
    <IdPicker
      label={t('mailing')}
      placeholder={t('mailingExample')}
      nothingFound={t('noMailing')}
      found={isUnknown ? [{ value: search, label: t('deleted', { id: search }) }, ...matching] : matching}
      chosen={chosen}
      onChoose={onChoose}
      typed={typed}
      onType={setTyped}
    />
  );
};

const LONGEST = 60;

function optionOf({ id, text }: ExplanationMailingPartsFragment): Option {
  const line = text.replaceAll(/\s+/g, ' ');
  return { value: id, label: `${id} · ${line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line}` };
}
