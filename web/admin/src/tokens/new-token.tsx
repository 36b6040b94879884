import { Modal } from '@mantine/core';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ShownToken } from './shown-token';
import { TokenForm } from './token-form';

interface Props {
  readonly isOpen: boolean;
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Makes a token and shows it, once. */
export const NewToken: FC<Props> = ({ isOpen, onMade, onClose }) => {
  const { t } = useTranslation(['tokens', 'common']);
  const [secret, setSecret] = useState<string | null>(null);

  const close = () => {
    setSecret(null);
    onClose();
  };
  const show = (made: string) => {
    setSecret(made);
    onMade();
  };

  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={secret ? t('shownTitle') : t('newTitle')}
      size="lg"
      // A stray click or key must not take away what nobody can show again.
      closeOnClickOutside={secret === null}
      closeOnEscape={secret === null}
      withCloseButton={secret === null}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {secret ? <ShownToken secret={secret} onKept={close} /> : <TokenForm onMade={show} onCancel={close} />}
    </Modal>
  );
};
