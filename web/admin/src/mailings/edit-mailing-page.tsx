import { Button } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { NotFound } from '../app/not-found';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { EditMailing } from './form/edit-mailing';
import { useMailingToStartFrom } from './form/use-mailing-to-start-from';

const EditMailingPage: FC = () => {
  const { t } = useTranslation('mailings');
  const { id = '' } = useParams();
  const { mailing, error, again } = useMailingToStartFrom(id);
  if (mailing === null) return <NotFound />;
  if (!mailing) {
    return (
      <Page title={t('form.edit', { id })}>
        {error ? <Failure error={error} onTryAgain={again} /> : <PageLoading />}
      </Page>
    );
  }
  if (mailing.status === 'FINISHED' || mailing.status === 'CANCELLED') return <Over id={id} />;
  return <EditMailing mailing={mailing} />;
};

const Over: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation('mailings');
  return (
    <Page title={t('form.edit', { id })}>
      <EmptyState text={t('form.refused.MailingAlreadyEnded')}>
        <Button component={Link} to={`/mailings/new?copy=${id}`}>
          {t('form.copy')}
        </Button>
      </EmptyState>
    </Page>
  );
};

export default EditMailingPage;
