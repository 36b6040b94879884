import { SimpleGrid, Spoiler } from '@mantine/core';
import { type FC, memo } from 'react';
import { useTranslation } from 'react-i18next';

import type { MailingFactsFragment } from '../../api/documents';
import { Fact } from '../../ui/fact';
import { Moment } from '../../ui/moment';
import { isOver } from './live';

/** When, to whom and how fast. */
export const MailingFacts = memo<{ mailing: MailingFactsFragment }>(({ mailing }) => {
  const { t } = useTranslation('mailing');
  const { startsAt, endsAt, window, filter, maxRate, status } = mailing;
  const tags = filter.tags.map((tag) => (tag === '' ? t('noTag') : tag));
  return (
    <SimpleGrid component="dl" cols={{ base: 2, md: 3 }} spacing="sm" m={0}>
      <Fact name={t('fact.startsAt')}>
        <Moment at={startsAt} distance={status === 'SCHEDULED'} />
      </Fact>
      <Fact name={t('fact.endsAt')}>
        <Moment at={endsAt} distance={!isOver(status)} />
      </Fact>
      <Fact name={t('fact.window')}>
        {window ? t('window', { from: window.opensAt, to: window.closesAt }) : t('noWindow')}
      </Fact>
      <Fact name={t('fact.operatorCodes')}>
        <Values values={filter.operatorCodes} />
      </Fact>
      <Fact name={t('fact.tags')}>
        <Values values={tags} />
      </Fact>
      <Fact name={t('fact.maxRate')}>{maxRate === null ? t('noRate') : t('rate', { count: maxRate })}</Fact>
    </SimpleGrid>
  );
});

/** A filter may have a hundred of them. */
const Values: FC<{ values: readonly string[] }> = ({ values }) => {
  const { t } = useTranslation('mailing');
  if (values.length === 0) return t('any');
  return (
    <Spoiler maxHeight={76} showLabel={t('showAll', { total: values.length })} hideLabel={t('showLess')}>
      {values.join(', ')}
    </Spoiler>
  );
};
