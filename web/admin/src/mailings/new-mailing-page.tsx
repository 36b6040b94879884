import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { NotFound } from '../app/not-found';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { NewMailing } from './form/new-mailing';
import { useMailingToStartFrom } from './form/use-mailing-to-start-from';
import { copyOf, newValues } from './form/values';

/** Empty, or with the values of the mailing that `?copy=` names. */
const NewMailingPage: FC = () => {
  const [address] = useSearchParams();
  const copied = address.get('copy');
  return copied ? <Copy key={copied} id={copied} /> : <Blank />;
};

const Blank: FC = () => {
  const [initial] = useState(() => newValues(Date.now()));
  return <NewMailing initial={initial} />;
};

const Copy: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation('mailings');
  const { mailing, error, again } = useMailingToStartFrom(id);
  if (mailing) return <NewMailing initial={copyOf(mailing, Date.now())} copied={id} />;
  if (mailing === null) return <NotFound />;
  return <Page title={t('form.new')}>{error ? <Failure error={error} onTryAgain={again} /> : <PageLoading />}</Page>;
};

export default NewMailingPage;
