import { Stack, Text, Title } from '@mantine/core';
import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { MailingOutcomeQuery } from '../../api/documents';
import { type Format, useFormat } from '../../ui/format';
import { useOutcomeSeries } from '../../ui/outcome-series';
import { type BarStep, StackedBars } from '../../ui/stacked-bars';
import { tickFor } from './tick';

type History = NonNullable<MailingOutcomeQuery['mailing']>['history'];

/** How messages came to their ends over the mailing's life. */
export const HistoryChart: FC<{ history: History }> = ({ history }) => {
  const { t, i18n } = useTranslation('mailing');
  const format = useFormat();
  const series = useOutcomeSeries();
  const steps = useMemo(() => barsOf(history, format, i18n.language), [history, format, i18n.language]);
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('history.title')}
      </Title>
      {steps.length === 0 ? (
        <Text c="dimmed">{t('history.empty')}</Text>
      ) : (
        <StackedBars
          caption={t('history.caption', { step: format.duration(history.stepSeconds * 1_000) })}
          stepName={t('history.step')}
          steps={steps}
          series={series}
        />
      )}
      {history.countedSince && (
        <Text size="sm" c="dimmed">
          {t('history.countedSince', { moment: format.moment(history.countedSince) })}
        </Text>
      )}
    </Stack>
  );
};

function barsOf({ steps, stepSeconds }: History, format: Format, language: string): readonly BarStep[] {
  const first = steps[0];
  const last = steps.at(-1);
  if (!first || !last) return [];
  const tick = tickFor(language, stepSeconds, Date.parse(last.startsAt) - Date.parse(first.startsAt));
  const write = stepSeconds < 60 ? format.preciseMoment : format.moment;
  return steps.map(({ startsAt, sent, failed, expired, unconfirmed, cancelled }) => ({
    key: startsAt,
    tick: tick(startsAt),
    name: write(startsAt),
    values: { sent, failed, expired, unconfirmed, cancelled },
  }));
}
