import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { CountsBar } from '../ui/counts-bar';
import { useFormat } from '../ui/format';
import { MailingStatusBadge } from '../ui/status';
import type { Followed } from './active';
import { Outlook } from './outlook';
import { credibleRisk } from './risk';
import { RiskNote } from './risk-note';

/** A mailing under way: how far it is, how fast, and whether it will be done in time. */
export const MailingCard: FC<{ mailing: Followed }> = ({ mailing }) => (
  <Card withBorder component="article" aria-labelledby={`title-of-${mailing.id}`}>
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={3} size="h5" id={`title-of-${mailing.id}`} lineClamp={2} className="said">
          <Anchor component={Link} to={`/mailings/${mailing.id}`} inherit>
            {mailing.text}
          </Anchor>
        </Title>
        <MailingStatusBadge status={mailing.status} />
      </Group>
      <CountsBar counts={mailing.progress} />
      <Share mailing={mailing} />
      <Outlook mailing={mailing} />
      <Risk mailing={mailing} />
    </Stack>
  </Card>
);

const Risk: FC<{ mailing: Followed }> = ({ mailing }) => {
  const risk = credibleRisk(mailing);
  return risk && <RiskNote risk={risk} />;
};

/** "12,000 of 40,000 sent (30%) · 12 failed". */
const Share: FC<{ mailing: Followed }> = ({ mailing: { progress } }) => {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const others = (['failed', 'expired', 'unconfirmed', 'cancelled'] as const).filter((end) => progress[end] > 0);
  const share = format.share(progress.sent, progress.total);
  return (
    <Text size="sm" className="figures">
      <strong>{t('sent', { sent: progress.sent, count: progress.total, share })}</strong>
      {others.map((end) => ` · ${t(end, { count: progress[end] })}`)}
    </Text>
  );
};
