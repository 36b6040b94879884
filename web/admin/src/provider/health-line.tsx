import { Anchor, Group, Paper, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Moment } from '../ui/moment';
import { Failures } from './health-figures';
import { StandingIcon, standingOf } from './standing';
import { useHealth } from './use-health';

/** Whether messages go out, in a line that leads to more. */
export const HealthLine: FC = () => {
  const { t } = useTranslation('provider');
  const { health } = useHealth();
  if (!health) return null;
  const standing = standingOf(health);
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="sm" miw={0} flex="1 1 260px" wrap="nowrap">
          <StandingIcon standing={standing} size={28} />
          <div>
            <Text fw={600}>{t(`title.${standing}`)}</Text>
            <Text size="sm" c="dimmed" className="figures">
              {health.breaker === 'CLOSED' ? (
                <Failures health={health} />
              ) : (
                <>
                  {t('heldSince')} <Moment at={health.since} distance />
                </>
              )}
            </Text>
          </div>
        </Group>
        <Anchor component={Link} to="/provider" size="sm">
          {t('more')}
        </Anchor>
      </Group>
    </Paper>
  );
};
