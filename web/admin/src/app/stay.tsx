/** How the viewer came in, for how long, and the way out. */

import { Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLogout } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { signOut } from '../api/session';
import { forgetToken, token } from '../api/token';
import { useFormat } from '../ui/format';
import { useViewer } from './viewer';

/** Nobody who came in by neither session nor token has a way out: it would lead straight in again. */
export const Stay: FC = () => {
  const { t } = useTranslation();
  const format = useFormat();
  const { session } = useViewer();

  const leave = () => {
    signOut().catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      notifications.show({ color: 'red', message: t('session.signOutFailed', { reason }) });
    });
  };

  if (session) {
    const how = t('session.until', { moment: format.moment(session.expiresAt) });
    return <Way how={how} out={t('session.signOut')} onLeave={leave} />;
  }
  if (token()) return <Way how={t('session.byToken')} out={t('session.forgetToken')} onLeave={forget} />;
  return <How>{t('session.off')}</How>;
};

function forget(): void {
  forgetToken();
  window.location.reload();
}

const Way: FC<{ how: string; out: string; onLeave: () => void }> = ({ how, out, onLeave }) => (
  <>
    <How>{how}</How>
    <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={onLeave}>
      {out}
    </Menu.Item>
  </>
);

const How: FC<{ children: string }> = ({ children }) => (
  <Text size="xs" c="dimmed" px="sm" pb={4}>
    {children}
  </Text>
);
