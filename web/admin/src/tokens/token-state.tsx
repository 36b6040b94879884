import { Badge } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { TokenRowFragment } from '../api/documents';

export type TokenState = 'good' | 'expired' | 'revoked';

/** Whether a token lets anybody in at that moment. Of one that was revoked and would have expired the former is told. */
export function stateOf(token: Pick<TokenRowFragment, 'revokedAt' | 'expiresAt'>, now: number): TokenState {
  if (token.revokedAt) return 'revoked';
  return token.expiresAt && Date.parse(token.expiresAt) <= now ? 'expired' : 'good';
}

const COLOURS: Record<TokenState, string> = { good: 'teal', expired: 'orange', revoked: 'gray' };

export const TokenStateBadge: FC<{ state: TokenState }> = ({ state }) => {
  const { t } = useTranslation('tokens');
  const styles = { label: { color: 'var(--mantine-color-text)' } };
  return (
    <Badge variant="outline" color={COLOURS[state]} tt="none" fw={500} styles={styles}>
      {t(`state.${state}`)}
    </Badge>
  );
};
