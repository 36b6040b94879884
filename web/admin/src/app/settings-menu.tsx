/** What each person sets for themselves, and who they are. */

import { ActionIcon, type MantineColorScheme, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { choose, LANGUAGES, type Language } from '../i18n/start';
import { Stay } from './stay';
import { useViewer } from './viewer';

const COLOURS = ['auto', 'light', 'dark'] as const;

export const SettingsMenu: FC = () => {
  const { t, i18n } = useTranslation();
  const { name, role } = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const account = t('settings.account', { name, role: t(`roles.${role}`) });
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={account}>
          <IconUserCircle aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account}</Menu.Label>
        <Stay />
        <Menu.Divider />
        <Menu.Label>{t('settings.language')}</Menu.Label>
        <Menu.RadioGroup value={i18n.language} onChange={(language) => void choose(language as Language)}>
          {(Object.keys(LANGUAGES) as Language[]).map((language) => (
            <Menu.RadioItem key={language} value={language} lang={language} closeMenuOnClick>
              {LANGUAGES[language]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('settings.theme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(colours) => setColorScheme(colours as MantineColorScheme)}>
          {COLOURS.map((colours) => (
            <Menu.RadioItem key={colours} value={colours} closeMenuOnClick>
              {t(`settings.${colours}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Text size="xs" c="dimmed" px="sm" py={4} maw={240}>
          {t('settings.timezone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
};
