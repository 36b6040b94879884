/** The frame around all pages. */

import { AppShell, Burger, Container, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FC, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import icon from '../../../icon.svg';
import { ConnectionBanner } from './connection-banner';
import { Navigation } from './navigation';
import { SettingsMenu } from './settings-menu';
import classes from './shell.module.css';

export const Shell: FC<{ children: ReactNode }> = ({ children }) => {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const burger = useRef<HTMLButtonElement>(null);
  const leave = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !isOpen) return;
    close();
    burger.current?.focus();
  };
  const content = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    close();
    window.scrollTo(0, 0);
    // What led here is often gone with its page: the keyboard, and whoever listens, go on where the new one begins.
    content.current?.focus({ preventScroll: true });
  }, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a href="#content" className={classes.skip}>
        {t('navigation.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              ref={burger}
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('navigation.open')}
              aria-expanded={isOpen}
            />
            <UnstyledButton component={Link} to="/">
              <Group gap="xs" wrap="nowrap">
                <img src={icon} alt="" width={28} height={28} />
                <Text fw={600} span>
                  {t('product')}
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <SettingsMenu />
        </Group>
      </AppShell.Header>
      {/* A link to the very page that is shown leads nowhere else: the menu goes away all the same. */}
      <AppShell.Navbar
        p="xs"
        className={classes.navigation}
        data-open={isOpen || undefined}
        aria-label={t('navigation.label')}
        onClick={close}
        onKeyDown={leave}
      >
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main ref={content} id="content" tabIndex={-1} className={classes.main}>
        <Container size="xl" px={0}>
          <ConnectionBanner />
          {children}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
};
