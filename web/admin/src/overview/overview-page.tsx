import { Button } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useQuery } from 'urql';

import { OverviewBeginningDocument } from '../api/documents';
import { useRepeat } from '../api/repeat';
import { useMay } from '../app/viewer';
import { HealthLine } from '../provider/health-line';
import { Page } from '../ui/page';
import { ActiveSection } from './active-section';
import { FirstSteps } from './first-steps';
import { LastDays } from './last-days';

const AGAIN_MS = 5_000;

/** What an operator has open all day. */
const OverviewPage: FC = () => {
  const { t } = useTranslation('overview');
  const mayOperate = useMay('OPERATOR');
  const [{ data }, ask] = useQuery({ query: OverviewBeginningDocument });
  const hasClients = data?.clients.nodes.length !== 0;
  const hasMailings = data?.mailings.nodes.length !== 0;
  // What comes first may come from elsewhere: from a file, from a program.
  useRepeat(() => (hasClients && hasMailings) || ask({ requestPolicy: 'network-only' }), AGAIN_MS);
  const newMailing = (
    <Button component={Link} to="/mailings/new">
      {t('newMailing')}
    </Button>
  );
  return (
    <Page title={t('page')} actions={mayOperate && hasMailings && newMailing}>
      <HealthLine />
      {hasClients && hasMailings ? (
        <>
          <ActiveSection />
          <LastDays />
        </>
      ) : (
        <FirstSteps hasClients={hasClients} hasMailings={hasMailings} />
      )}
    </Page>
  );
};

export default OverviewPage;
