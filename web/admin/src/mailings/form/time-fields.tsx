import { NumberInput, Radio, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { MAX_RATE } from './check';
import type { FormOfMailing } from './form-of-mailing';
import { fromLocal, localZone } from './local-moment';

/** Start and end. A mailing that has started keeps its start. */
export const PeriodFields: FC<{ form: FormOfMailing; hasStarted: boolean }> = ({ form, hasStarted }) => {
  const { t } = useTranslation('mailings');
  const isLater = form.values.start === 'LATER';
  return (
    <Stack gap="sm">
      {!hasStarted && (
        <Radio.Group label={t('form.start')} {...form.getInputProps('start')}>
          <Stack gap={6} mt={6}>
            <Radio value="AT_ONCE" label={t('form.atOnce')} />
            <Radio value="LATER" label={t('form.later')} />
          </Stack>
        </Radio.Group>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {isLater && (
          <MomentField
            label={t('form.startsAt')}
            form={form}
            field="startsAt"
            {...(hasStarted ? { whyNot: t('form.hasStarted') } : {})}
          />
        )}
        <MomentField label={t('form.endsAt')} form={form} field="endsAt" />
      </SimpleGrid>
    </Stack>
  );
};

interface MomentFieldProps {
  readonly label: string;
  readonly form: FormOfMailing;
  readonly field: 'startsAt' | 'endsAt';
  /** Why it cannot be changed, if so. */
  readonly whyNot?: string;
}

/** The browser's own field: typed by keys or picked, also on a phone. What was understood stands below it. */
const MomentField: FC<MomentFieldProps> = ({ label, form, field, whyNot }) => {
  const { t } = useTranslation('mailings');
  const at = fromLocal(form.values[field]);
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={whyNot ?? (at ? <Moment at={at} distance /> : t('form.zone', { zone: localZone() }))}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      max="9999-12-31T23:59"
      required={whyNot === undefined}
      readOnly={whyNot !== undefined}
      variant={whyNot === undefined ? 'default' : 'filled'}
      {...form.getInputProps(field)}
    />
  );
};

/** At which hours of the client's own day. */
export const WindowFields: FC<{ form: FormOfMailing }> = ({ form }) => {
  const { t } = useTranslation('mailings');
  const { hasWindow, window } = form.values;
  const crossesMidnight = window.closesAt !== '' && window.closesAt < window.opensAt;
  return (
    <Stack gap="sm">
      <Switch
        label={t('form.hasWindow')}
        description={hasWindow ? null : t('form.anyTime')}
        {...form.getInputProps('hasWindow', { type: 'checkbox' })}
      />
      {hasWindow && (
        <SimpleGrid cols={2}>
          <TextInput type="time" label={t('form.opensAt')} required {...form.getInputProps('window.opensAt')} />
          <TextInput
            type="time"
            label={t('form.closesAt')}
            description={crossesMidnight ? t('form.nextDay') : null}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            required
            {...form.getInputProps('window.closesAt')}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
};

/** How fast; empty for as fast as the provider allows. */
export const RateField: FC<{ form: FormOfMailing; clients: number }> = ({ form, clients }) => {
  const { t } = useTranslation('mailings');
  const format = useFormat();
  const rate = form.values.maxRate;
  const takes = typeof rate === 'number' && rate > 0 ? (clients / rate) * 1_000 : 0;
  return (
    <NumberInput
      label={t('form.maxRate')}
      description={
        takes >= 1_000 ? t('form.takes', { count: clients, duration: format.duration(takes) }) : t('form.fast')
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      min={1}
      max={MAX_RATE}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      maw={320}
      {...form.getInputProps('maxRate')}
    />
  );
};
