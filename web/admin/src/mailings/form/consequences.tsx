/** What a change does, in numbers that are asked for when it is about to be made. */

import { List, Text } from '@mantine/core';
import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import {
  MailingFormAudienceDocument,
  MailingFormConsequencesDocument,
  type MailingFormConsequencesQuery,
  type UpdateMailingInput,
} from '../../api/documents';
import { Failure } from '../../ui/failure';
import { useFormat } from '../../ui/format';
import { PageLoading } from '../../ui/page-loading';
import { reckon } from './sms';
import { both, filterOf, type Values } from './values';

/** Of a mailing that starts as soon as it is saved. */
export const StartingNow: FC<{ values: Values }> = ({ values }) => {
  const { t } = useTranslation('mailings');
  const format = useFormat();
  const variables = useMemo(() => ({ filter: filterOf(values.filter) }), [values]);
  const [{ data, error }] = useQuery({
    query: MailingFormAudienceDocument,
    variables,
    requestPolicy: 'network-only',
  });
  if (error) return <Failure error={error} />;
  if (!data) return <PageLoading />;
  const { total } = data.audience;
  const { parts } = reckon(values.text);
  return (
    <>
      <Text>{t('form.startingNow', { count: total })}</Text>
      <Text>{t('form.cost', { parts: format.number(parts), count: parts * total })}</Text>
    </>
  );
};

interface ChangingProps {
  readonly before: Values;
  readonly after: Values;
  readonly changes: UpdateMailingInput;
}

/** Of a change to a mailing that has started. */
export const Changing: FC<ChangingProps> = ({ before, after, changes }) => {
  const shared = useMemo(() => both(before.filter, after.filter), [before, after]);
  const variables = useMemo(
    () => ({
      id: changes.id,
      before: filterOf(before.filter),
      after: filterOf(after.filter),
      both: shared,
      overlaps: shared !== null,
    }),
    [changes.id, before, after, shared],
  );
  const [{ data, error }] = useQuery({
    query: MailingFormConsequencesDocument,
    variables,
    requestPolicy: 'network-only',
  });
  if (error) return <Failure error={error} />;
  if (!data) return <PageLoading />;
  return <Effects data={data} changes={changes} />;
};

const Effects: FC<{ data: MailingFormConsequencesQuery; changes: UpdateMailingInput }> = ({ data, changes }) => {
  const { t } = useTranslation('mailings');
  const format = useFormat();
  const waiting = data.mailing?.progress.pending ?? 0;
  const sent = data.mailing?.progress.sent ?? 0;
  return (
    <List spacing="xs">
      {'filter' in changes && <OtherAudience data={data} />}
      {'text' in changes && (
        <>
          <List.Item>{t('form.effect.newText', { count: waiting })}</List.Item>
          {sent > 0 && <List.Item>{t('form.effect.oldText', { count: sent })}</List.Item>}
        </>
      )}
      {changes.endsAt && (
        <List.Item>{t('form.effect.ends', { moment: format.moment(changes.endsAt), count: waiting })}</List.Item>
      )}
      {'window' in changes && (
        <List.Item>{t(changes.window ? 'form.effect.window' : 'form.effect.noWindow', { count: waiting })}</List.Item>
      )}
      {'maxRate' in changes && (
        <List.Item>
          {changes.maxRate ? t('form.effect.rate', { count: changes.maxRate }) : t('form.effect.noRate')}
        </List.Item>
      )}
    </List>
  );
};

const OtherAudience: FC<{ data: MailingFormConsequencesQuery }> = ({ data: { before, after, both: shared } }) => {
  const { t } = useTranslation('mailings');
  const stay = shared?.total ?? 0;
  const leftOut = before.total - stay;
  const takenIn = after.total - stay;
  return (
    <>
      {leftOut > 0 && <List.Item>{t('form.effect.leftOut', { count: leftOut })}</List.Item>}
      {takenIn > 0 && <List.Item>{t('form.effect.takenIn', { count: takenIn })}</List.Item>}
      {leftOut + takenIn === 0 && <List.Item>{t('form.effect.sameClients')}</List.Item>}
      <List.Item>{t('form.effect.holds')}</List.Item>
    </>
  );
};
