import { Button, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import type { CombinedError } from 'urql';

import { forgetToken, token } from '../api/token';

/** For whom the service knows and does not let in: a token without a role, for instance. Or it does not know, today. */
export const NotLetIn: FC<{ error: CombinedError }> = ({ error }) => {
  const { t } = useTranslation();
  const [refusal] = error.graphQLErrors;
  const isForbidden = refusal?.extensions.code === 'FORBIDDEN';
  const begin = () => {
    forgetToken();
    window.location.reload();
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={440} role="alert">
        <Stack>
          <Title order={1} size="h2">
            {isForbidden ? t('session.forbiddenTitle') : t('session.faultTitle')}
          </Title>
          {isForbidden && <Text>{t('session.forbiddenText')}</Text>}
          <Text className="said" c="dimmed" size="sm">
            {refusal?.message}
          </Text>
          <Group gap="xs">
            <Button onClick={() => window.location.reload()}>{t('tryAgain')}</Button>
            {token() && (
              <Button variant="default" onClick={begin}>
                {t('session.forgetToken')}
              </Button>
            )}
          </Group>
        </Stack>
      </Paper>
    </Center>
  );
};
