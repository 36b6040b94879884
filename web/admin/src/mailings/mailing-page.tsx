import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { useLiveMailing } from './page/live';
import { MailingView } from './page/mailing-view';
import { MissingMailing } from './page/missing-mailing';

/** One mailing, live. */
const MailingPage: FC = () => {
  const { id = '' } = useParams();
  return <OneMailing key={id} id={id} />;
};

const OneMailing: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation('mailing');
  const live = useLiveMailing(id);
  if (live === null) return <MissingMailing id={id} />;
  if ('mailing' in live) return <MailingView {...live} />;
  return (
    <Page title={t('title', { id })}>
      {live.error ? <Failure error={live.error} onTryAgain={live.onTryAgain} /> : <PageLoading />}
    </Page>
  );
};

export default MailingPage;
