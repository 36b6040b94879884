import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { type FC, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly title: string;
  /** The consequences, in numbers. */
  readonly children: ReactNode;
  /** On the button that does it: the verb, not "OK". */
  readonly action: string;
  /** On the button that does not; "Cancel" unless that is what is to be confirmed. */
  readonly dismiss?: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Does it, and says why not if it could not be done. */
  readonly onConfirm: () => Promise<string | null>;
}

/** Before what cannot be taken back. */
export const Confirm: FC<Props> = ({ title, children, action, dismiss, isOpen, onClose, onConfirm }) => {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const close = () => {
    setProblem(null);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    const reason = await onConfirm();
    setBusy(false);
    setProblem(reason);
    if (reason === null) close();
  };

  return (
    <Modal opened={isOpen} onClose={close} title={title} centered closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {children}
        {problem && (
          <Alert color="red" title={t('failure.notDone')} role="alert">
            {problem}
          </Alert>
        )}
        <Group justify="flex-end">
          {/* First, so that Enter by habit does no harm. */}
          <Button variant="default" onClick={close} data-autofocus>
            {dismiss ?? t('cancel')}
          </Button>
          {/* The shade on which white is read well. */}
          <Button color="red.9" onClick={confirm} loading={isBusy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};
