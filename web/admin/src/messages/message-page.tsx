import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { Timeline } from '../timeline/timeline';
import { Failure } from '../ui/failure';
import { Page } from '../ui/page';
import { PageLoading } from '../ui/page-loading';
import { MessageStatusBadge } from '../ui/status';
import { MessageAttempts } from './attempts';
import { MessageFacts } from './facts';
import { type OneMessage, useMessage } from './use-message';

/** One text to one client: where it stands and how it came there. */
const MessagePage: FC = () => {
  const { id = '' } = useParams();
  const { t } = useTranslation('messages');
  const { message, error, ask } = useMessage(id);
  if (message) return <MessageView message={message} />;
  return (
    <Page title={t('title', { id })}>
      {message === null && <Text>{t('missing')}</Text>}
      {message === undefined && (error ? <Failure error={error} onTryAgain={ask} /> : <PageLoading />)}
    </Page>
  );
};

const MessageView: FC<{ message: OneMessage }> = ({ message }) => {
  const { t } = useTranslation(['messages', 'timeline']);
  const { id, status, client, mailing, attempts } = message;
  const timezone = client?.timezone ?? null;
  return (
    <Page
      title={t('title', { id })}
      beside={<MessageStatusBadge status={status} />}
      actions={
        client && (
          <Button component={Link} to={`/why?client=${client.id}&mailing=${mailing.id}`} variant="default">
            {t('why')}
          </Button>
        )
      }
    >
      <Paper withBorder p="md">
        <Stack gap="md">
          <Text className="said">{mailing.text}</Text>
          <MessageFacts message={message} />
        </Stack>
      </Paper>
      <Stack component="section" gap="sm">
        <Title order={2} size="h3">
          {t('attempts.title')}
        </Title>
        <MessageAttempts attempts={attempts} timezone={timezone} />
      </Stack>
      <Stack component="section" gap="sm">
        <Title order={2} size="h3">
          {t('timeline:title')}
        </Title>
        <Timeline of={id} timezone={timezone} version={`${status} ${attempts.length}`} />
      </Stack>
    </Page>
  );
};

export default MessagePage;
