import { Table, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { ExplanationMatchFragment } from '../api/documents';
import { Moment } from '../ui/moment';
import { FactCard } from './fact-card';

type Match = ExplanationMatchFragment;

interface Props {
  /** When the mailing chose its clients; null if it has not, or nobody knows. */
  readonly then: Match | null;
  /** Null once client or mailing is deleted. */
  readonly now: Match | null;
}

/** What the mailing looked for, and what the client was: then and now. */
export const FilterFacts: FC<Props> = ({ then, now }) => {
  const { t } = useTranslation('explanation');
  const matches = [then, now].filter((match) => match !== null);
  const listed = (values: readonly string[]) =>
    values.length === 0 ? t('filter.any') : values.map((value) => value || t('filter.noTag')).join(', ');
  const rows: readonly [string, (match: Match) => string][] = [
    [t('filter.wantedCodes'), ({ filter }) => listed(filter.operatorCodes)],
    [t('filter.code'), ({ operatorCode }) => operatorCode],
    [t('filter.wantedTags'), ({ filter }) => listed(filter.tags)],
    [t('filter.tag'), ({ tag }) => tag || t('filter.noTag')],
    [t('filter.matches'), (match) => (match.matches ? t('filter.yes') : t('filter.no'))],
  ];
  return (
    <FactCard title={t('filter.title')}>
      {matches.length === 0 ? (
        <Text size="sm">{t('filter.unknown')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={320} type="native">
          <Table layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Td />
                {then && (
                  <Table.Th scope="col">
                    {t('filter.then')} <Moment at={then.at} />
                  </Table.Th>
                )}
                {now && <Table.Th scope="col">{t('filter.now')}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([name, shown]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={400}>
                    {name}
                  </Table.Th>
                  {matches.map((match) => (
                    <Table.Td key={match.at} className="said">
                      {shown(match)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {!then && now && <Text size="sm">{t('filter.notChosenYet')}</Text>}
    </FactCard>
  );
};
