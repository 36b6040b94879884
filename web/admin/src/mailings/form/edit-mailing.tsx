import { notifications } from '@mantine/notifications';
import { type FC, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { MailingFormUpdateDocument, type MailingFormValuesFragment } from '../../api/documents';
import { useSend } from '../../api/send';
import { Confirm } from '../../ui/confirm';
import { Page } from '../../ui/page';
import { MailingStatusBadge } from '../../ui/status';
import { Changing, StartingNow } from './consequences';
import { useFormOfMailing } from './form-of-mailing';
import { MailingForm } from './mailing-form';
import { useLeaveWarning } from './use-leave-warning';
import { useSaving } from './use-saving';
import { startsAtOnce, update, type Values, valuesOf } from './values';

/** A mailing that is not over. Once it has started, each change is told with what it does to messages that wait. */
export const EditMailing: FC<{ mailing: MailingFormValuesFragment }> = ({ mailing }) => {
  const { t } = useTranslation('mailings');
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const element = useRef<HTMLFormElement>(null);
  const hasStarted = mailing.status !== 'SCHEDULED';
  // As it was when the form was opened: what differs from it is what this person wants to change.
  const [before] = useState(() => valuesOf(mailing));
  const form = useFormOfMailing(before, hasStarted);
  const send = useSend(MailingFormUpdateDocument);
  const [asked, setAsked] = useState<Values | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const leave = useLeaveWarning(form.isDirty());
  const page = `/mailings/${mailing.id}`;
  const settle = useSaving(
    form,
    () => element.current,
    () => {
      leave();
      notifications.show({ color: 'teal', message: t('form.saved') });
      navigate(page);
    },
  );

  const changes = (values: Values) => update(mailing.id, values, before, Date.now());
  const save = async (values: Values) => settle(await send({ input: changes(values) }));
  const submit = async (values: Values) => {
    setProblem(null);
    if (Object.keys(changes(values)).length === 1) return navigate(page);
    if (hasStarted || startsAtOnce(values, Date.now())) return setAsked(values);
    setBusy(true);
    setProblem(await save(values));
    setBusy(false);
  };

  return (
    <Page title={t('form.edit', { id: mailing.id })} beside={<MailingStatusBadge status={mailing.status} />}>
      <MailingForm
        form={form}
        ref={element}
        hasStarted={hasStarted}
        action={common('save')}
        back={page}
        isBusy={isBusy}
        problem={problem}
        onSubmit={submit}
      />
      <Confirm
        title={hasStarted ? t('form.changeRunning') : t('form.startNow')}
        action={common('save')}
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        onConfirm={async () => (asked ? save(asked) : null)}
      >
        {asked && hasStarted && <Changing before={before} after={asked} changes={changes(asked)} />}
        {asked && !hasStarted && <StartingNow values={asked} />}
      </Confirm>
    </Page>
  );
};
