import { ActionIcon, Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCopy, IconDots, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { MailingFactsFragment } from '../../api/documents';
import { CancelMailing } from './cancel-mailing';
import { DeleteMailing } from './delete-mailing';
import { isOver } from './live';
import { PauseOrResume } from './pause-or-resume';

/** What an operator can do with it as it stands. */
export const MailingActions = memo<{ mailing: MailingFactsFragment }>(({ mailing: { id, status } }) => {
  const { t } = useTranslation(['mailing', 'common']);
  const [isCancelling, cancelling] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  return (
    <>
      <PauseOrResume id={id} status={status} />
      {!isOver(status) && (
        <Button
          component={Link}
          to={`/mailings/${id}/edit`}
          variant="default"
          leftSection={<IconPencil size={18} aria-hidden />}
        >
          {t('common:edit')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('more')}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={`/mailings/new?copy=${id}`} leftSection={<IconCopy size={18} aria-hidden />}>
            {t('copy')}
          </Menu.Item>
          {!isOver(status) && (
            <Menu.Item leftSection={<IconX size={18} aria-hidden />} onClick={cancelling.open}>
              {t('cancel.open')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconTrash size={18} aria-hidden />} onClick={deleting.open}>
            {t('delete.open')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <CancelMailing id={id} isOpen={isCancelling} onClose={cancelling.close} />
      <DeleteMailing id={id} isOpen={isDeleting} onClose={deleting.close} />
    </>
  );
});
