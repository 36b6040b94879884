import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPause } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { useAskAgain } from '../../api/ask-again';
import { MailingRiskNowDocument, type MailingRiskPartsFragment } from '../../api/documents';
import { rate } from '../../overview/rate';
import { credibleRisk } from '../../overview/risk';
import { useFormat } from '../../ui/format';
import { useNow } from '../../ui/now';
import type { LiveMailing } from './live';

/** A mailing comes nearer to its end also while nothing is told of it. */
const LOOK_EVERY_MS = 30_000;

/** Whether somebody has to do something: it is paused, or will miss its end. */
export const Standing: FC<LiveMailing> = ({ mailing, progress, version }) => {
  const { t } = useTranslation('mailing');
  const format = useFormat();
  const isOn = mailing.status === 'RUNNING' || mailing.status === 'PAUSED';
  const [{ data }, ask] = useQuery({ query: MailingRiskNowDocument, variables: { id: mailing.id }, pause: !isOn });
  const now = useNow();
  useAskAgain(`${version} ${Math.floor(now / LOOK_EVERY_MS)}`, isOn ? ask : nothing);
  const risk = isOn && credibleRisk({ ...mailing, progress, risk: data?.mailing?.risk ?? null });
  const left = progress.pending + progress.sending;
  if (risk) return <Risk risk={risk} />;
  if (mailing.status !== 'PAUSED') return null;
  return (
    <Alert role="note" color="orange" icon={<IconPlayerPause aria-hidden />} title={t('paused.title', { count: left })}>
      {t('paused.text', { end: format.moment(mailing.endsAt) })}
    </Alert>
  );
};

const Risk: FC<{ risk: MailingRiskPartsFragment }> = ({ risk }) => {
  const { t } = useTranslation('mailing');
  const format = useFormat();
  const speed = format.number(rate(risk.messagesPerSecond ?? 0));
  return (
    // A note, not an alert: its figures change every few seconds, and would be read out each time.
    <Alert
      role="note"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('risk.title', { count: risk.willMiss })}
    >
      <Text size="sm">{t(`risk.${risk.cause}`, { rate: speed })}</Text>
    </Alert>
  );
};

function nothing(): void {}
