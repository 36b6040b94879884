import { Button, List, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconSend } from '@tabler/icons-react';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ReportSendDocument, type ReportSendMutation } from '../api/documents';
import { sayProblem } from '../api/problems';
import { useSend } from '../api/send';
import { Confirm } from '../ui/confirm';

interface Props {
  readonly date: string;
  readonly subject: string;
  readonly recipients: readonly string[];
}

type Result = ReportSendMutation['sendReport'];

/** Sends the report once more, after it has been said to whom. */
export const SendReport: FC<Props> = ({ date, subject, recipients }) => {
  const { t } = useTranslation('report');
  const [isAsking, setAsking] = useState(false);
  const send = useSend(ReportSendDocument);
  const why = useReasonNotSent();

  const confirm = async () => {
    const outcome = await send({ date });
    if ('failure' in outcome) return outcome.failure;
    if (outcome.result.__typename !== 'ReportSent') return why(outcome.result);
    const { recipients, refused } = outcome.result;
    notifications.show({ color: 'teal', message: t('sent', { count: recipients.length }) });
    if (refused.length > 0) {
      notifications.show({ color: 'orange', autoClose: false, message: t('refused', { who: refused.join(', ') }) });
    }
    return null;
  };

  return (
    <>
      <Button
        leftSection={<IconSend size={16} aria-hidden />}
        onClick={() => setAsking(true)}
        disabled={recipients.length === 0}
      >
        {t('send')}
      </Button>
      <Confirm
        title={t('sendTitle')}
        action={t('sendTo', { count: recipients.length })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      >
        <Text fw={500} lang="en">
          {subject}
        </Text>
        <Text>{t('sendText', { count: recipients.length })}</Text>
        <List size="sm">
          {recipients.map((address) => (
            <List.Item key={address}>{address}</List.Item>
          ))}
        </List>
        <Text size="sm">{t('sendAgain')}</Text>
      </Confirm>
    </>
  );
};

function useReasonNotSent(): (result: Exclude<Result, { __typename: 'ReportSent' }>) => string {
  const { t } = useTranslation('report');
  return (result) => {
    switch (result.__typename) {
      case 'ReportNotSent':
        return t('notSent', { reason: result.reason });
      case 'ReportSwitchedOff':
        return t('off');
      case 'InvalidInput':
        return result.problems.map(sayProblem).join(' ');
    }
  };
}
