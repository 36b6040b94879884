import { Text } from '@mantine/core';
import { type FC, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { type TokenRowFragment, TokensRevokeDocument } from '../api/documents';
import { useSend } from '../api/send';
import { Confirm } from '../ui/confirm';
import { Moment } from '../ui/moment';

interface Props {
  /** The token that may be taken back; null: none is. */
  readonly token: TokenRowFragment | null;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}

/** Asks whether a token is to be taken back, and does it. */
export const RevokeToken: FC<Props> = ({ token, onRevoked, onClose }) => {
  const { t } = useTranslation('tokens');
  const send = useSend(TokensRevokeDocument);
  // While the dialog closes it goes on to show what it was about.
  const latest = useRef(token);
  if (token) latest.current = token;
  const shown = latest.current;

  const revoke = async () => {
    if (!token) return null;
    const outcome = await send({ id: token.id });
    if ('failure' in outcome) return outcome.failure;
    // One that is gone lets nobody in, either.
    onRevoked();
    return null;
  };

  return (
    <Confirm
      title={t('revokeTitle', { name: shown?.name })}
      action={t('revoke')}
      isOpen={token !== null}
      onClose={onClose}
      onConfirm={revoke}
    >
      <Text>{t('revokeText')}</Text>
      <Text>
        {shown?.lastUsedAt ? t('revokeUsed') : t('revokeNeverUsed')}{' '}
        {shown?.lastUsedAt && <Moment at={shown.lastUsedAt} distance />}
      </Text>
      <Text>{t('revokeMade')}</Text>
    </Confirm>
  );
};
