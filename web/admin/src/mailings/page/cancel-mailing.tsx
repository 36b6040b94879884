import { List, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { MailingCancelDocument } from '../../api/documents';
import { useSend } from '../../api/send';
import { Confirm } from '../../ui/confirm';
import { Consequences } from './consequences';
import { useRefusal } from './refusal';

interface Props {
  readonly id: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export const CancelMailing: FC<Props> = ({ id, isOpen, onClose }) => {
  const { t } = useTranslation(['mailing', 'common']);
  const cancel = useSend(MailingCancelDocument);
  const refusal = useRefusal();
  return (
    <Confirm
      title={t('cancel.title', { id })}
      action={t('cancel.action')}
      dismiss={t('common:back')}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={async () => refusal(await cancel({ id }))}
    >
      <Consequences id={id}>
        {({ total, pending, sending, sent }) => (
          <List>
            {total === 0 && <List.Item>{t('cancel.notStarted')}</List.Item>}
            {total > 0 && <List.Item>{t('cancel.pending', { count: pending })}</List.Item>}
            {sending > 0 && <List.Item>{t('cancel.sending', { count: sending })}</List.Item>}
            {total > 0 && <List.Item>{t('cancel.sent', { count: sent })}</List.Item>}
          </List>
        )}
      </Consequences>
      <Text>{t('cancel.final')}</Text>
    </Confirm>
  );
};
