import { Alert, Button, Group, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Role, TokensCreateDocument } from '../api/documents';
import { fieldErrors, sayProblem } from '../api/problems';
import { useSend } from '../api/send';
import { type Expiry, expiresAt, PERIODS, USUAL } from './expiry';

const ROLES = ['VIEWER', 'OPERATOR', 'ADMIN'] as const satisfies readonly Role[];
const FIELDS = ['name', 'role', 'expiresAt'];

interface Props {
  readonly onMade: (secret: string) => void;
  readonly onCancel: () => void;
}

export const TokenForm: FC<Props> = ({ onMade, onCancel }) => {
  const { t } = useTranslation(['tokens', 'common']);
  const send = useSend(TokensCreateDocument);
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm({
    initialValues: { name: '', role: 'VIEWER' as Role, expiresAt: USUAL as Expiry, day: '' },
  });

  const make = async ({ name, role, expiresAt: expiry, day }: typeof form.values) => {
    setFailure(null);
    const moment = expiresAt(expiry, day);
    if (moment === undefined) {
      form.setErrors({ expiresAt: sayProblem({ message: '', code: 'REQUIRED' }) });
      return;
    }
    const outcome = await send({ input: { name, role, expiresAt: moment } });
    if ('failure' in outcome) setFailure(outcome.failure);
    else if (outcome.result.__typename === 'ApiTokenCreated') onMade(outcome.result.token);
    else {
      const { '': rest, ...errors } = fieldErrors(outcome.result.problems, FIELDS);
      form.setErrors(errors);
      setFailure(rest ?? null);
    }
  };

  const { error: expiryError, ...expiry } = form.getInputProps('expiresAt');
  const isByDay = form.values.expiresAt === 'day';
  return (
    <form onSubmit={form.onSubmit(make)} noValidate>
      <Stack>
        <TextInput
          label={t('name')}
          description={t('nameText')}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Radio.Group label={t('role')} {...form.getInputProps('role')}>
          <Stack gap="xs" mt="xs">
            {ROLES.map((role) => (
              <Radio key={role} value={role} label={t(`common:roles.${role}`)} description={t(`may.${role}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <NativeSelect label={t('expires')} error={isByDay ? null : expiryError} {...expiry}>
            {PERIODS.map((days) => (
              <option key={days} value={days}>
                {t('inDays', { count: Number(days) })}
              </option>
            ))}
            <option value="day">{t('onDay')}</option>
            <option value="never">{t('neverExpires')}</option>
          </NativeSelect>
          {isByDay && (
            <TextInput
              type="date"
              max="9999-12-31"
              label={t('lastDay')}
              {...form.getInputProps('day')}
              error={expiryError}
            />
          )}
        </Group>
        {failure && (
          <Alert color="red" title={t('common:failure.notDone')} role="alert">
            {failure}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={form.submitting}>
            {t('make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
