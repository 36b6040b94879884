import { Alert, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { type FC, memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CombinedError } from 'urql';

import { Failure } from '../../ui/failure';
import { useFormat } from '../../ui/format';
import { AudienceSplit } from './audience-split';
import type { Audience } from './use-audience';

interface Props {
  readonly audience: Audience | undefined;
  readonly error: CombinedError | undefined;
  /** Otherwise nobody can be told of. */
  readonly isSound: boolean;
  /** The figures are still those of the filter before. */
  readonly isAsked: boolean;
  /** Of one SMS. */
  readonly parts: number;
}

/** It stays in sight while the form is scrolled; the page's header is above it. */
const BESIDE = { position: 'sticky', top: 72 } as const;

/** How many the mailing reaches if it starts now, and who they are. */
export const AudiencePanel = memo<Props>(({ audience, error, isSound, isAsked, parts }) => {
  const { t } = useTranslation('mailings');
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="audience" style={BESIDE}>
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h4" id="audience">
            {t('form.audience')}
          </Title>
          {isAsked && <Loader size="xs" aria-hidden />}
        </Group>
        {error && <Failure error={error} />}
        <div aria-live="polite" aria-busy={isAsked}>
          {!isSound && <Text>{t('form.unsound')}</Text>}
          {isSound && audience && <Total total={audience.total} parts={parts} />}
        </div>
        {isSound && audience && audience.total > 0 && (
          <Stack gap="md">
            <AudienceSplit title={t('form.byCode')} groups={audience.byOperatorCode} total={audience.total} />
            <AudienceSplit title={t('form.byTag')} groups={audience.byTag} total={audience.total} />
            <AudienceSplit title={t('form.byZone')} groups={audience.byTimezone} total={audience.total} />
          </Stack>
        )}
      </Stack>
    </Paper>
  );
});

const Total: FC<{ total: number; parts: number }> = ({ total, parts }) => {
  const { t } = useTranslation('mailings');
  const { t: common } = useTranslation();
  const format = useFormat();
  if (total === 0) return <Alert color="orange">{t('form.nobody')}</Alert>;
  return (
    <>
      <Text size="xl" fw={600} className="figures">
        {common('counts.clients', { count: total })}
      </Text>
      {parts > 0 && (
        <Text size="sm" c="dimmed" className="figures">
          {t('form.cost', { parts: format.number(parts), count: parts * total })}
        </Text>
      )}
    </>
  );
};
