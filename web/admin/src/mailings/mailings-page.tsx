import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useQuery } from 'urql';

import { MailingListDocument } from '../api/documents';
import { useRepeat } from '../api/repeat';
import { useMay } from '../app/viewer';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { rows, useKeyset } from '../ui/keyset';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { Pager } from '../ui/pager';
import { MailingFilters } from './list/mailing-filters';
import { MailingTable } from './list/mailing-table';
import { type ListFilter, useListFilter } from './list/use-list-filter';
import { useRunning } from './list/use-running';

const ORDER = 'newest first';

/** What does not run is not told live: others create, change and delete it. */
const AGAIN_MS = 20_000;

/** All mailings, found by status, text and id; those that run change before one's eyes. */
const MailingsPage: FC = () => {
  const { t: common } = useTranslation();
  const mayOperate = useMay('OPERATOR');
  const [filter, change] = useListFilter();
  return (
    <Page title={common('navigation.mailings')} actions={mayOperate && <NewButton />}>
      <MailingFilters filter={filter} onChange={change} />
      <Mailings filter={filter} onClear={() => change({ statuses: [], search: '' })} />
    </Page>
  );
};

const Mailings: FC<{ filter: ListFilter; onClear: () => void }> = ({ filter, onClear }) => {
  const { t: common } = useTranslation();
  const { first, after, last, before } = useKeyset(ORDER);
  const { statuses, search } = filter;
  const variables = useMemo(
    () => ({ statuses, search, first, after, last, before }),
    [statuses, search, first, after, last, before],
  );
  const [{ data, error, fetching }, again] = useQuery({ query: MailingListDocument, variables });
  const refresh = () => again({ requestPolicy: 'network-only' });
  const nodes = data?.mailings.nodes;
  const shown = useMemo(() => rows(ORDER, nodes ?? []), [nodes]);
  const running = useRunning(nodes, refresh);
  useRepeat(refresh, AGAIN_MS);

  if (error && !data) return <Failure error={error} onTryAgain={refresh} />;
  if (!data) return <PageLoading />;
  if (shown.length === 0) return <Nothing filter={filter} onClear={onClear} />;
  return (
    <Stack gap="md" aria-busy={fetching}>
      {error && <Failure error={error} onTryAgain={refresh} />}
      <Text size="sm" c="dimmed" role="status" className="figures">
        {common('counts.mailings', { count: data.mailings.totalCount })}
      </Text>
      <MailingTable rows={shown} running={running} />
      <Pager order={ORDER} pageInfo={data.mailings.pageInfo} />
    </Stack>
  );
};

const Nothing: FC<{ filter: ListFilter; onClear: () => void }> = ({ filter, onClear }) => {
  const { t } = useTranslation('mailings');
  const mayOperate = useMay('OPERATOR');
  if (filter.statuses.length > 0 || filter.search !== '') {
    return (
      <EmptyState text={t('list.noneFound')}>
        <Button variant="default" onClick={onClear}>
          {t('list.showAll')}
        </Button>
      </EmptyState>
    );
  }
  if (!mayOperate) return <EmptyState text={t('list.none')} />;
  return (
    <EmptyState text={t('list.noneYet')}>
      <NewButton />
      <Button variant="default" component={Link} to="/clients/import">
        {t('list.importClients')}
      </Button>
    </EmptyState>
  );
};

const NewButton: FC = () => {
  const { t } = useTranslation('mailings');
  return (
    <Button component={Link} to="/mailings/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('form.new')}
    </Button>
  );
};

export default MailingsPage;
