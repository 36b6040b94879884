/** The values of a client, to be filled in or changed. */

import { Alert, Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type FC, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { fieldErrors, type InputProblem } from '../api/problems';
import { operatorCodeOf, shownPhone } from './phone';
import { ZonePicker } from './zone-picker';

export interface ClientValues {
  phone: string;
  operatorCode: string;
  tag: string;
  timezone: string;
}

/** Why the values were not taken. */
export type Refusal =
  | { readonly problems: readonly InputProblem[] }
  | { readonly phoneOf: string }
  | { readonly failure: string };

interface Props {
  readonly initial: ClientValues;
  /** On the button. */
  readonly action: string;
  /** Where "cancel" leads. */
  readonly back: string;
  /** Whether an empty operator code means that of the phone. */
  readonly hasDefaultCode: boolean;
  /** Sends the values; null if they were taken. */
  readonly onSend: (values: ClientValues) => Promise<Refusal | null>;
  /** What the changed values will do. */
  readonly consequences?: (values: ClientValues) => ReactNode;
}

const FIELDS = ['phone', 'operatorCode', 'tag', 'timezone'] as const;

export const ClientForm: FC<Props> = ({ initial, action, back, hasDefaultCode, onSend, consequences }) => {
  const { t } = useTranslation('clients');
  const { t: common } = useTranslation();
  const form = useForm<ClientValues>({ initialValues: initial });
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const defaultCode = hasDefaultCode ? operatorCodeOf(form.values.phone) : '';

  const send = async (values: ClientValues) => {
    setBusy(true);
    setFailure(null);
    const refusal = await onSend(values);
    setBusy(false);
    if (refusal === null) return;
    if ('failure' in refusal) setFailure(refusal.failure);
    else if ('phoneOf' in refusal) refuse({ phone: <PhoneTaken by={refusal.phoneOf} /> });
    else {
      const { '': rest, ...errors } = fieldErrors(refusal.problems.map(missing(values)), FIELDS);
      refuse(errors);
      setFailure(rest ?? null);
    }
  };
  const refuse = (errors: Partial<Record<string, ReactNode>>) => {
    form.setErrors(errors);
    // Where there is something to put right; who only listens hears with it what that is.
    const first = FIELDS.find((field) => field in errors);
    if (first) form.getInputNode(first)?.focus();
  };

  return (
    <form onSubmit={form.onSubmit(send)} noValidate>
      <Stack maw={560}>
        <TextInput
          type="tel"
          label={t('fields.phone')}
          description={t('form.phoneHint', { example: shownPhone('79161234567') })}
          autoComplete="off"
          withAsterisk
          required
          {...form.getInputProps('phone')}
        />
        <TextInput
          label={t('fields.operatorCode')}
          description={hasDefaultCode ? t('form.operatorCodeHint') : t('form.operatorCodeKept')}
          placeholder={defaultCode}
          inputMode="numeric"
          autoComplete="off"
          required={!hasDefaultCode}
          {...form.getInputProps('operatorCode')}
        />
        <TextInput
          label={t('fields.tag')}
          description={t('form.tagHint')}
          autoComplete="off"
          {...form.getInputProps('tag')}
        />
        <ZonePicker
          label={t('fields.timezone')}
          description={t('form.timezoneHint')}
          required
          {...form.getInputProps('timezone')}
        />
        {consequences?.(form.values)}
        {failure && (
          <Alert color="red" title={common('failure.notDone')} role="alert">
            {failure}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={isBusy}>
            {action}
          </Button>
          <Button component={Link} to={back} variant="default">
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** Of a field that was left empty it is said that, not that the nothing in it is wrong. */
function missing(values: ClientValues): (problem: InputProblem) => InputProblem {
  return (problem) => {
    const [field] = problem.path;
    return values[field as keyof ClientValues] === '' ? { ...problem, code: 'REQUIRED' } : problem;
  };
}

const PhoneTaken: FC<{ by: string }> = ({ by }) => {
  const { t } = useTranslation('clients');
  return (
    <>
      {t('form.phoneTaken')}{' '}
      <Anchor component={Link} to={`/clients/${by}`} inherit c="inherit" underline="always">
        {by}
      </Anchor>
    </>
  );
};
