import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

/** A new token, before everybody's eyes for the only time. */
export const ShownToken: FC<{ secret: string; onKept: () => void }> = ({ secret, onKept }) => {
  const { t } = useTranslation('tokens');
  const { copy, copied, error } = useClipboard({ timeout: 5_000 });
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Stack>
      <Alert color="orange">{t('shownText')}</Alert>
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          label={t('token')}
          value={secret}
          readOnly
          flex={1}
          styles={{ input: { fontFamily: 'monospace' } }}
          onFocus={(event) => event.currentTarget.select()}
          data-autofocus
        />
        <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={() => copy(secret)}>
          {copied ? t('copied') : t('copy')}
        </Button>
      </Group>
      {/* Browsers let pages use the clipboard only where they came by TLS, or from this machine. */}
      <Text size="sm" role="status">
        {error ? t('copyByHand') : null}
      </Text>
      <Text size="sm">
        {t('shownUse')} <Code>Authorization: Bearer …</Code>
      </Text>
      <Group justify="flex-end">
        <Button onClick={onKept}>{t('kept')}</Button>
      </Group>
    </Stack>
  );
};
