import { Alert, Button, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { type FC, type ReactNode, type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { AudiencePanel } from './audience-panel';
import { FilterFields } from './filter-fields';
import { type FormOfMailing, showProblems } from './form-of-mailing';
import { fromLocal } from './local-moment';
import { OpeningBands } from './opening-bands';
import { reckon } from './sms';
import { TextField } from './text-field';
import { PeriodFields, RateField, WindowFields } from './time-fields';
import { useAudience } from './use-audience';
import { startOf, type Values, windowOf } from './values';

interface Props {
  readonly form: FormOfMailing;
  readonly ref: RefObject<HTMLFormElement | null>;
  readonly hasStarted: boolean;
  /** On the button: the verb. */
  readonly action: string;
  /** Where those go who change their mind. */
  readonly back: string;
  readonly isBusy: boolean;
  /** Why nothing was done, other than for a field. */
  readonly problem: string | null;
  readonly onSubmit: (values: Values) => void;
}

/** All of a mailing's values, with whom they reach and when beside them while they are typed. */
export const MailingForm: FC<Props> = ({ form, ref, hasStarted, action, back, isBusy, problem, onSubmit }) => {
  const { t } = useTranslation('mailings');
  const { t: common } = useTranslation();
  const isSound = !form.errors['filter.operatorCodes'] && !form.errors['filter.tags'];
  const { audience, error, isAsked } = useAudience(form.values.filter, isSound);
  const parts = reckon(form.values.text).parts;
  return (
    <form ref={ref} noValidate onSubmit={form.onSubmit(onSubmit, () => showProblems(ref.current))}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="xl">
            <Part title={t('form.what')}>
              <TextField form={form} />
            </Part>
            <Part title={t('form.whom')}>
              <FilterFields form={form} />
              {/* On a phone the panel is far below. */}
              {isSound && audience && (
                <Text hiddenFrom="md" fw={600} aria-live="polite">
                  {t('form.audience')}: {common('counts.clients', { count: audience.total })}
                </Text>
              )}
            </Part>
            <Part title={t('form.when')}>
              <PeriodFields form={form} hasStarted={hasStarted} />
              <WindowFields form={form} />
              {audience && audience.total > 0 && <Bands values={form.values} groups={audience.byTimezone} />}
              <RateField form={form} clients={audience?.total ?? 0} />
            </Part>
            {problem && (
              <Alert color="red" title={common('failure.notDone')} role="alert" tabIndex={-1}>
                {problem}
              </Alert>
            )}
            <Group>
              <Button type="submit" loading={isBusy}>
                {action}
              </Button>
              <Button variant="default" component={Link} to={back}>
                {common('cancel')}
              </Button>
            </Group>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <AudiencePanel audience={audience} error={error} isSound={isSound} isAsked={isAsked} parts={parts} />
        </Grid.Col>
      </Grid>
    </form>
  );
};

const Part: FC<{ title: string; children: ReactNode }> = ({ title, children }) => (
  <Stack component="section" gap="sm">
    <Title order={2} size="h4">
      {title}
    </Title>
    {children}
  </Stack>
);

const Bands: FC<{ values: Values; groups: Parameters<typeof OpeningBands>[0]['groups'] }> = ({ values, groups }) => {
  const { opensAt, closesAt } = values.window;
  const isWhole = opensAt !== '' && closesAt !== '' && opensAt !== closesAt;
  // The same object for the same hours: what is drawn is reckoned only when they change.
  const window = useMemo(() => (isWhole ? { opensAt, closesAt } : null), [isWhole, opensAt, closesAt]);
  if (!windowOf(values) || !window) return null;
  const startsAt = values.start === 'AT_ONCE' ? null : startOf(values, 0);
  return <OpeningBands groups={groups} window={window} startsAt={startsAt} endsAt={fromLocal(values.endsAt)} />;
};
