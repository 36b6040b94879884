/** In which of five ways things stand with the provider, and how each looks. */

import { ThemeIcon } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconHandStop,
  IconKeyOff,
  IconRefresh,
  type TablerIcon,
} from '@tabler/icons-react';
import type { FC } from 'react';

import type { HealthFragment } from '../api/documents';

export type Standing = 'works' | 'falters' | 'tried' | 'stopped' | 'refused';

export function standingOf(health: HealthFragment): Standing {
  switch (health.breaker) {
    case 'CLOSED':
      return health.recentFailures > 0 ? 'falters' : 'works';
    case 'HALF_OPEN':
      return 'tried';
    case 'OPEN':
      return health.cause === 'TOKEN_REFUSED' ? 'refused' : 'stopped';
  }
}

const LOOKS: Record<Standing, { icon: TablerIcon; colour: string }> = {
  works: { icon: IconCheck, colour: 'teal.8' },
  falters: { icon: IconAlertTriangle, colour: 'orange.9' },
  tried: { icon: IconRefresh, colour: 'indigo.7' },
  stopped: { icon: IconHandStop, colour: 'red.8' },
  refused: { icon: IconKeyOff, colour: 'red.8' },
};

/** Beside the words that say the same. */
export const StandingIcon: FC<{ standing: Standing; size: number }> = ({ standing, size }) => {
  const { icon: Icon, colour } = LOOKS[standing];
  return (
    <ThemeIcon color={colour} size={size} radius="xl" aria-hidden>
      <Icon size={size * 0.6} />
    </ThemeIcon>
  );
};
