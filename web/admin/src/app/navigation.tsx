import { NavLink } from '@mantine/core';
import {
  IconApi,
  IconHeartbeat,
  IconHelpCircle,
  IconKey,
  IconLayoutDashboard,
  IconMessages,
  IconReport,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

import { useMay } from './viewer';

/** The ways to the pages that this viewer may see. */
export const Navigation: FC = () => {
  const { t } = useTranslation();
  const mayAdminister = useMay('ADMIN');
  return (
    <>
      <Way to="/" label={t('navigation.overview')} icon={IconLayoutDashboard} />
      <Way to="/mailings" label={t('navigation.mailings')} icon={IconMessages} />
      <Way to="/clients" label={t('navigation.clients')} icon={IconUsers} />
      <Way to="/why" label={t('navigation.why')} icon={IconHelpCircle} />
      <Way to="/provider" label={t('navigation.provider')} icon={IconHeartbeat} />
      {mayAdminister && <Way to="/report" label={t('navigation.report')} icon={IconReport} />}
      {mayAdminister && <Way to="/tokens" label={t('navigation.tokens')} icon={IconKey} />}
      <NavLink href="/docs/" label={t('navigation.api')} leftSection={<IconApi size={20} aria-hidden />} />
    </>
  );
};

const Way: FC<{ to: string; label: string; icon: TablerIcon }> = ({ to, label, icon: Icon }) => {
  const { pathname } = useLocation();
  const isHere = to === '/' ? pathname === '/' : pathname.startsWith(to);
  return (
    <NavLink
      component={Link}
      to={to}
      label={label}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      leftSection={<Icon size={20} aria-hidden />}
    />
  );
};
