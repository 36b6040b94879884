import { Alert } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FC, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { MailingFormCreateDocument } from '../../api/documents';
import { useSend } from '../../api/send';
import { Confirm } from '../../ui/confirm';
import { Page } from '../../ui/page';
import { StartingNow } from './consequences';
import { useFormOfMailing } from './form-of-mailing';
import { MailingForm } from './mailing-form';
import { useLeaveWarning } from './use-leave-warning';
import { useSaving } from './use-saving';
import { creation, startsAtOnce, type Values } from './values';

interface Props {
  readonly initial: Values;
  /** The id of the mailing that the values are from. */
  readonly copied?: string;
}

/** A mailing that is not there yet. One that starts at once is asked about once more: what is sent cannot be taken back. */
export const NewMailing: FC<Props> = ({ initial, copied }) => {
  const { t } = useTranslation('mailings');
  const navigate = useNavigate();
  const element = useRef<HTMLFormElement>(null);
  const form = useFormOfMailing(initial, false);
  const send = useSend(MailingFormCreateDocument);
  const [asked, setAsked] = useState<Values | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const leave = useLeaveWarning(form.isDirty());
  const settle = useSaving(
    form,
    () => element.current,
    (id) => {
      leave();
      notifications.show({ color: 'teal', message: t('form.created', { id }) });
      navigate(`/mailings/${id}`);
    },
  );

  const save = async (values: Values) => settle(await send({ input: creation(values, Date.now()) }));
  const submit = async (values: Values) => {
    setProblem(null);
    if (startsAtOnce(values, Date.now())) return setAsked(values);
    setBusy(true);
    setProblem(await save(values));
    setBusy(false);
  };

  return (
    <Page title={t('form.new')}>
      {copied && (
        <Alert>
          {t('form.copied')} <Link to={`/mailings/${copied}`}>{copied}</Link>
        </Alert>
      )}
      <MailingForm
        form={form}
        ref={element}
        hasStarted={false}
        action={t('form.create')}
        back={copied ? `/mailings/${copied}` : '/mailings'}
        isBusy={isBusy}
        problem={problem}
        onSubmit={submit}
      />
      <Confirm
        title={t('form.startNow')}
        action={t('form.createAndStart')}
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        onConfirm={async () => (asked ? save(asked) : null)}
      >
        {asked && <StartingNow values={asked} />}
      </Confirm>
    </Page>
  );
};
