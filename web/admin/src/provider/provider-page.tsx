import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { HealthFragment } from '../api/documents';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { HealthFigures } from './health-figures';
import { RequestDays } from './request-days';
import { StandingIcon, standingOf } from './standing';
import { useHealth } from './use-health';

/** Whether messages go out to the provider; if not why, and what has to be done. */
const ProviderPage: FC = () => {
  const { t } = useTranslation('provider');
  const { health, error } = useHealth();
  return (
    <Page title={t('page')}>
      {health ? <Now health={health} /> : error ? <Failure error={error} /> : <PageLoading />}
      <Stack component="section" gap="xs" aria-labelledby="requests">
        <Title order={2} size="h3" id="requests">
          {t('days')}
        </Title>
        <RequestDays />
      </Stack>
    </Page>
  );
};

const Now: FC<{ health: HealthFragment }> = ({ health }) => {
  const { t } = useTranslation('provider');
  const standing = standingOf(health);
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Group gap="md" wrap="nowrap" align="flex-start" role="status">
          <StandingIcon standing={standing} size={44} />
          <div>
            <Title order={2} size="h3">
              {t(`title.${standing}`)}
            </Title>
            <Text mt={4}>{t(`text.${standing}`)}</Text>
          </div>
        </Group>
        {health.cause === 'TOKEN_REFUSED' && (
          <Alert variant="outline" color="red" title={t('toDo')}>
            {t('tokenToDo')}
          </Alert>
        )}
        <HealthFigures health={health} />
      </Stack>
    </Card>
  );
};

export default ProviderPage;
