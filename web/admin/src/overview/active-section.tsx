import { Anchor, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { PageLoading } from '../ui/page-loading';
import type { Followed } from './active';
import { MailingCard } from './mailing-card';
import { useActive } from './use-active';

/** The mailings that run or are paused, live, and those that ended meanwhile. */
export const ActiveSection: FC = () => {
  const { t } = useTranslation('overview');
  const { following, hasMore, scheduled, error, again } = useActive();
  if (!following) return error ? <Failure error={error} onTryAgain={again} /> : <PageLoading />;
  return (
    <>
      <Stack component="section" aria-labelledby="active">
        <Title order={2} size="h3" id="active">
          {t('active')}
        </Title>
        {following.active.length === 0 && <EmptyState text={t('noneActive')} />}
        <Cards mailings={following.active} />
        {hasMore && <Way to="/mailings?status=RUNNING">{t('more')}</Way>}
        {scheduled > 0 && <Way to="/mailings?status=SCHEDULED">{t('scheduled', { count: scheduled })}</Way>}
      </Stack>
      {following.ended.length > 0 && (
        <Stack component="section" aria-labelledby="ended">
          <Title order={2} size="h3" id="ended">
            {t('ended')}
          </Title>
          <Cards mailings={following.ended} />
        </Stack>
      )}
    </>
  );
};

const Cards: FC<{ mailings: readonly Followed[] }> = ({ mailings }) => (
  <SimpleGrid cols={{ base: 1, lg: mailings.length > 1 ? 2 : 1 }}>
    {mailings.map((mailing) => (
      <MailingCard key={mailing.id} mailing={mailing} />
    ))}
  </SimpleGrid>
);

const Way: FC<{ to: string; children: string }> = ({ to, children }) => (
  <Text>
    <Anchor component={Link} to={to}>
      {children}
    </Anchor>
  </Text>
);
