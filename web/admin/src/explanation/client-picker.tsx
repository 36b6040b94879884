import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import {
  ExplanationClientDocument,
  type ExplanationClientPartsFragment,
  ExplanationClientsDocument,
} from '../api/documents';
import { shownPhone } from '../clients/phone';
import { IdPicker, type Option, useSearch } from './id-picker';

interface Props {
  readonly id: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** A client by phone, tag or id; by its id also one who was deleted. */
export const ClientPicker: FC<Props> = ({ id, onChoose }) => {
  const { t } = useTranslation('explanation');
  const [typed, setTyped] = useState('');
  const [{ data: one }] = useQuery({ query: ExplanationClientDocument, variables: { id: id ?? '' }, pause: !id });
  const chosen = id === null ? null : (one?.client?.id === id && optionOf(one.client)) || { value: id, label: id };
  const search = useSearch(typed, chosen);
  const isId = /^client_\d+$/.test(search);
  const [{ data }] = useQuery({ query: ExplanationClientsDocument, variables: { search }, pause: isId });
  const [{ data: named }] = useQuery({ query: ExplanationClientDocument, variables: { id: search }, pause: !isId });
  const found = isId
    ? [named?.client ? optionOf(named.client) : { value: search, label: t('deleted', { id: search }) }]
    : (data?.clients.nodes.map(optionOf) ?? []);
  return (
    <IdPicker
      label={t('client')}
      placeholder={t('clientExample')}
      nothingFound={t('noClient')}
      found={found}
      chosen={chosen}
      onChoose={onChoose}
      typed={typed}
      onType={setTyped}
    />
  );
};

function optionOf({ id, phone, tag }: ExplanationClientPartsFragment): Option {
  return { value: id, label: [shownPhone(phone), tag, id].filter(Boolean).join(' · ') };
}
