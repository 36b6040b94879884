/** The daily report of a day as it would be sent now. */

import { Alert, Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { ReportDocument, ReportZoneDocument } from '../api/documents';
import { problemsOf, sayProblem } from '../api/problems';
import { download } from '../ui/download';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { ChooseDay } from './choose-day';
import { dayFrom, today } from './day';
import { Report } from './report';
import { SendReport } from './send-report';

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const ReportPage: FC = () => {
  const { t } = useTranslation('report');
  const [address, setAddress] = useSearchParams();
  const chosen = dayFrom(address.get('date'));
  const [{ data, error, fetching }, ask] = useQuery({ query: ReportDocument, variables: { date: chosen } });
  const [{ data: service }] = useQuery({ query: ReportZoneDocument });
  const problems = error ? problemsOf(error) : [];
  const report = error || (chosen && data?.reportPreview.date !== chosen) ? null : data?.reportPreview;

  const choose = (day: string) => {
    const other = new URLSearchParams(address);
    other.set('date', day);
    setAddress(other, { replace: true });
  };

  return (
    <Page
      title={t('title')}
      actions={
        report && (
          <>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => download(`mailings-${report.date}.csv`, 'text/csv', report.csv)}
            >
              {t('download')}
            </Button>
            <SendReport {...report} />
          </>
        )
      }
    >
      <ChooseDay
        day={chosen ?? report?.date ?? ''}
        latest={today(service?.dailyStatistics.timezone ?? HERE)}
        problem={problems.map(sayProblem).join(' ') || null}
        onChoose={choose}
      />
      {report?.recipients.length === 0 && <Alert title={t('offTitle')}>{t('off')}</Alert>}
      {error && problems.length === 0 && (
        <Failure error={error} onTryAgain={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {report ? <Report {...report} /> : fetching && <PageLoading />}
    </Page>
  );
};

export default ReportPage;
