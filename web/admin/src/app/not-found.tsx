import { Button, Stack, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Page } from '../ui/page';

/** Where an address leads nowhere, or to what is gone. */
export const NotFound: FC = () => {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <Stack align="flex-start">
        <Text>{t('notFound.text')}</Text>
        <Button component={Link} to="/">
          {t('notFound.home')}
        </Button>
      </Stack>
    </Page>
  );
};
