import { Center, Loader, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

/** In place of everything, where nothing could be shown yet and the API does not answer. */
export const ServiceAway: FC = () => {
  const { t } = useTranslation();
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack align="center" maw={480} ta="center" role="status">
        <Loader />
        <Title order={1} size="h2">
          {t('connection.awayTitle')}
        </Title>
        <Text>{t('connection.awayText')}</Text>
      </Stack>
    </Center>
  );
};
