import { Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { Timeline } from '../../timeline/timeline';
import { Page } from '../../ui/page';

/** Where no such mailing is any more, or never was. If it left a trace, that tells who deleted it. */
export const MissingMailing: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation('mailing');
  return (
    <Page title={t('title', { id })}>
      <Stack gap="md">
        <Text>{t('missing')}</Text>
        <Title order={2} size="h3">
          {t('tab.timeline')}
        </Title>
        <Timeline of={id} />
      </Stack>
    </Page>
  );
};
