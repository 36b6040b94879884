/** What lets programs in: made here, shown once, taken back here. */

import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { TokensDocument } from '../api/documents';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { rows, useKeyset } from '../ui/keyset';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { Pager } from '../ui/pager';
import { NewToken } from './new-token';
import { TokenTable } from './token-table';

const ORDER = 'newest first';

const TokensPage: FC = () => {
  const { t } = useTranslation('tokens');
  const [isMaking, setMaking] = useState(false);
  const [{ data, error }, ask] = useQuery({ query: TokensDocument, variables: useKeyset(ORDER) });
  const reload = () => ask({ requestPolicy: 'network-only' });
  const list = data?.apiTokens;
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t('new')}
    </Button>
  );
  return (
    <Page title={t('title')} actions={list?.nodes.length ? make : null}>
      <Stack>
        <Text c="dimmed">{t('text')}</Text>
        {error && <Failure error={error} onTryAgain={reload} />}
        {!list && !error && <PageLoading />}
        {list?.nodes.length === 0 && <EmptyState text={t('empty')}>{make}</EmptyState>}
        {list && list.nodes.length > 0 && <TokenTable tokens={rows(ORDER, list.nodes)} onRevoked={reload} />}
        {list && <Pager order={ORDER} pageInfo={list.pageInfo} />}
      </Stack>
      <NewToken isOpen={isMaking} onMade={reload} onClose={() => setMaking(false)} />
    </Page>
  );
};

export default TokensPage;
