import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { MailingPauseDocument, MailingResumeDocument, type MailingStatus } from '../../api/documents';
import { useSend } from '../../api/send';
import { useRefusal } from './refusal';

/** Nothing is lost by either, so neither asks first. */
export const PauseOrResume: FC<{ id: string; status: MailingStatus }> = ({ id, status }) => {
  const { t } = useTranslation(['mailing', 'common']);
  const [isBusy, setBusy] = useState(false);
  const pause = useSend(MailingPauseDocument);
  const resume = useSend(MailingResumeDocument);
  const refusal = useRefusal();
  if (status !== 'RUNNING' && status !== 'PAUSED') return null;

  const send = async () => {
    setBusy(true);
    const reason = refusal(await (status === 'RUNNING' ? pause : resume)({ id }));
    setBusy(false);
    if (reason) notifications.show({ color: 'red', title: t('common:failure.notDone'), message: reason });
  };
  const Icon = status === 'RUNNING' ? IconPlayerPause : IconPlayerPlay;
  return (
    <Button onClick={send} loading={isBusy} leftSection={<Icon size={18} aria-hidden />}>
      {t(status === 'RUNNING' ? 'pause' : 'resume')}
    </Button>
  );
};
