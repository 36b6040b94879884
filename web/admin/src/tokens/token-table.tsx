import { Button, Code, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { TokenRowFragment } from '../api/documents';
import { Moment } from '../ui/moment';
import { useNow } from '../ui/now';
import { RevokeToken } from './revoke-token';
import { stateOf, TokenStateBadge } from './token-state';

interface Props {
  readonly tokens: readonly TokenRowFragment[];
  readonly onRevoked: () => void;
}

export const TokenTable: FC<Props> = ({ tokens, onRevoked }) => {
  const { t } = useTranslation('tokens');
  const [chosen, setChosen] = useState<TokenRowFragment | null>(null);
  return (
    <>
      <Table.ScrollContainer minWidth={860}>
        <Table verticalSpacing="sm" aria-label={t('title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('name')}</Table.Th>
              <Table.Th>{t('role')}</Table.Th>
              <Table.Th>{t('stateTitle')}</Table.Th>
              <Table.Th>{t('lastUsed')}</Table.Th>
              <Table.Th>{t('expires')}</Table.Th>
              <Table.Th>{t('created')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.map((token) => (
              <Row key={token.id} token={token} onRevoke={() => setChosen(token)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <RevokeToken token={chosen} onRevoked={onRevoked} onClose={() => setChosen(null)} />
    </>
  );
};

const Row: FC<{ token: TokenRowFragment; onRevoke: () => void }> = ({ token, onRevoke }) => {
  const { t } = useTranslation(['tokens', 'common']);
  const state = stateOf(token, useNow());
  return (
    <Table.Tr>
      <Table.Td maw={280}>
        <Stack gap={2} align="flex-start">
          <Text className="said">{token.name}</Text>
          <Code>{token.start}…</Code>
        </Stack>
      </Table.Td>
      <Table.Td>{t(`common:roles.${token.role}`)}</Table.Td>
      <Table.Td>
        <TokenStateBadge state={state} />
      </Table.Td>
      <Table.Td>{token.lastUsedAt ? <Moment at={token.lastUsedAt} /> : t('neverUsed')}</Table.Td>
      <Table.Td>{token.expiresAt ? <Moment at={token.expiresAt} /> : t('neverExpires')}</Table.Td>
      <Table.Td>
        <Moment at={token.createdAt} />
        <Text size="sm" c="dimmed" className="said">
          {token.createdBy.name}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {state !== 'revoked' && (
          <Button size="xs" variant="default" onClick={onRevoke} aria-label={t('revokeNamed', { name: token.name })}>
            {t('revoke')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
};
