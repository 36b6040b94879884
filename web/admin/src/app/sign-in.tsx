/** For whom the API does not know. */

import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FC, type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';

import { useStore } from '../api/store';
import { canBeToken, forgetToken, keepToken, token } from '../api/token';
import { isUnfinished } from '../api/unfinished';
import { useComeBack } from './come-back';

/** A link to where people sign in, which leads back to this page; without one, a field for an API token. */
export const SignIn: FC<{ signInUrl: string | null }> = ({ signInUrl }) => {
  const { t } = useTranslation();
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={440}>
        <Title order={1} size="h2" mb="sm">
          {signInUrl ? t('session.title') : t('session.tokenTitle')}
        </Title>
        {signInUrl ? <SignInLink url={signInUrl} /> : <TokenForm />}
      </Paper>
    </Center>
  );
};

const SignInLink: FC<{ url: string }> = ({ url }) => {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const unfinished = useStore(isUnfinished);
  useComeBack();
  return (
    <Stack>
      <Text>{t('session.text')}</Text>
      {unfinished && <Text>{t('session.unfinished')}</Text>}
      <Button
        component="a"
        href={`${url}?next=${encodeURIComponent(pathname + search)}`}
        target={unfinished ? '_blank' : undefined}
      >
        {t('session.signIn')}
      </Button>
    </Stack>
  );
};

const TokenForm: FC = () => {
  const { t } = useTranslation();
  const [value, setValue] = useState('');
  const [wasRefused, setRefused] = useState(() => token() !== null);

  const comeBack = useComeBack();

  const comeIn = async (event: FormEvent) => {
    event.preventDefault();
    forgetToken();
    if (canBeToken(value)) {
      keepToken(value);
      if (!isUnfinished.get()) return window.location.reload();
      if (await comeBack()) return;
    }
    setValue('');
    setRefused(true);
  };

  return (
    <Stack component="form" onSubmit={comeIn}>
      <Text>{t('session.tokenText')}</Text>
      <PasswordInput
        label={t('session.token')}
        description={t('session.tokenForgotten')}
        error={wasRefused && value === '' ? t('session.tokenRefused') : null}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value.trim())}
        autoComplete="off"
        required
      />
      <Button type="submit">{t('session.tokenUse')}</Button>
    </Stack>
  );
};
