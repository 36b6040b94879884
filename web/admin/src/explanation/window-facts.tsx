import { DataList } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { ExplanationPartsFragment, ExplanationWindowFragment } from '../api/documents';
import { Moment } from '../ui/moment';
import { Fact, FactCard } from './fact-card';

interface Props {
  readonly verdict: ExplanationWindowFragment;
  readonly mailing: ExplanationPartsFragment['mailing'];
}

/** The client's clock beside the mailing's hours. */
export const WindowFacts: FC<Props> = ({ verdict, mailing }) => {
  const { t } = useTranslation('explanation');
  const { window, timezone, localTime, isOpen, opensAt, closesAt } = verdict;
  return (
    <FactCard title={t('window.title')}>
      <DataList labelWidth="150px">
        {mailing && (
          <Fact name={t('window.mailing')}>
            <Moment at={mailing.startsAt} timezone={timezone} /> – <Moment at={mailing.endsAt} timezone={timezone} />
          </Fact>
        )}
        <Fact name={t('window.hours')}>{window ? `${window.opensAt} – ${window.closesAt}` : t('window.any')}</Fact>
        <Fact name={t('window.clock')}>
          {localTime ?? t('window.unknown')} · {timezone}
        </Fact>
        <Fact name={t('window.state')}>{isOpen ? t('window.open') : t('window.closed')}</Fact>
        {!isOpen && (
          <Fact name={t('window.opens')}>
            {opensAt ? <Moment at={opensAt} timezone={timezone} distance /> : t('window.never')}
          </Fact>
        )}
        {isOpen && closesAt && (
          <Fact name={t('window.closes')}>
            <Moment at={closesAt} timezone={timezone} distance />
          </Fact>
        )}
      </DataList>
    </FactCard>
  );
};
