/** What each person sets for themselves, and who they are. */

import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconUserCircle } from '@tabler/icons-react';
import type { FC, ReactNode } from 'react';
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
    <Menu position="bottom-end" withinPortal={false}>
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
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Choice key={language} isChosen={i18n.language === language} onChoose={() => void choose(language)}>
            <span lang={language}>{LANGUAGES[language]}</span>
          </Choice>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('settings.theme')}</Menu.Label>
        {COLOURS.map((colours) => (
          <Choice key={colours} isChosen={colorScheme === colours} onChoose={() => setColorScheme(colours)}>
            {t(`settings.${colours}`)}
          </Choice>
        ))}
        <Menu.Divider />
        <Text size="xs" c="dimmed" px="sm" py={4} maw={240}>
          {t('settings.timezone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
};

const Choice: FC<{ isChosen: boolean; onChoose: () => void; children: ReactNode }> = (props) => (
  <Menu.Item
    role="menuitemradio"
    aria-checked={props.isChosen}
    onClick={props.onChoose}
    leftSection={<IconCheck size={16} aria-hidden opacity={props.isChosen ? 1 : 0} />}
  >
    {props.children}
  </Menu.Item>
);
