import { Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { Timeline } from '../timeline/timeline';
import { Page } from '../ui/page';

/** Where an id names no client: perhaps not any more, and then it is told what happened until then. */
export const NoClient: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation(['clients', 'timeline']);
  return (
    <Page title={t('noClient.title')}>
      <Text>{t('noClient.text', { id })}</Text>
      {/^client_\d+$/.test(id) && (
        <Stack component="section" gap="sm">
          <Title order={2} size="h3">
            {t('timeline:title')}
          </Title>
          <Timeline of={id} />
        </Stack>
      )}
    </Page>
  );
};
