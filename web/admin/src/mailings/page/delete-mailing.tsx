import { List, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { MailingDeleteDocument } from '../../api/documents';
import { useSend } from '../../api/send';
import { Confirm } from '../../ui/confirm';
import { Consequences } from './consequences';
import { useRefusal } from './refusal';

interface Props {
  readonly id: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export const DeleteMailing: FC<Props> = ({ id, isOpen, onClose }) => {
  const { t } = useTranslation(['mailing', 'common']);
  const remove = useSend(MailingDeleteDocument);
  const refusal = useRefusal();
  const go = useNavigate();
  const confirm = async () => {
    const reason = refusal(await remove({ id }));
    if (reason === null) {
      notifications.show({ message: t('delete.done', { id }) });
      void go('/mailings');
    }
    return reason;
  };
  return (
    <Confirm
      title={t('delete.title', { id })}
      action={t('delete.action')}
      dismiss={t('common:back')}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={confirm}
    >
      <Consequences id={id}>
        {({ total, pending, sending, sent }) => (
          <List>
            <List.Item>{t('delete.messages', { count: total })}</List.Item>
            {pending + sending > 0 && <List.Item>{t('delete.unsent', { count: pending + sending })}</List.Item>}
            {sent > 0 && <List.Item>{t('delete.sent', { count: sent })}</List.Item>}
          </List>
        )}
      </Consequences>
      <Text>{t('delete.final')}</Text>
    </Confirm>
  );
};
