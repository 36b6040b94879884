import { Paper, Stack, Tabs, Text } from '@mantine/core';
import { type FC, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { useMay } from '../../app/viewer';
import { Timeline } from '../../timeline/timeline';
import { EmptyState } from '../../ui/empty-state';
import { Page } from '../../ui/page';
import { MailingStatusBadge } from '../../ui/status';
import { MailingActions } from './actions';
import { MailingFacts } from './facts';
import type { LiveMailing } from './live';
import { MailingMessages } from './messages';
import { MailingOutcome } from './outcome';
import { MailingProgress } from './progress';
import { RemovedMessages } from './removed-messages';
import { Standing } from './standing';

const TABS = ['outcome', 'messages', 'timeline'] as const;
type Tab = (typeof TABS)[number];

/** Everything about a mailing that there is. The rest than how it goes is below in three parts, one at a time. */
export const MailingView: FC<LiveMailing> = ({ mailing, progress, version }) => {
  const { t } = useTranslation('mailing');
  const mayOperate = useMay('OPERATOR');
  const [tab, open] = useTab();
  return (
    <Page
      title={t('title', { id: mailing.id })}
      beside={<MailingStatusBadge status={mailing.status} />}
      actions={mayOperate && <MailingActions mailing={mailing} />}
    >
      <Paper withBorder p="md">
        <Stack gap="md">
          <Text className="said">{mailing.text}</Text>
          <MailingFacts mailing={mailing} />
        </Stack>
      </Paper>
      <Standing mailing={mailing} progress={progress} version={version} />
      <MailingProgress mailing={mailing} progress={progress} />
      <Tabs value={tab} onChange={(value) => open(value as Tab)} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="outcome">
          {progress.total > 0 ? (
            <MailingOutcome id={mailing.id} version={version} />
          ) : (
            <EmptyState text={t(mailing.status === 'SCHEDULED' ? 'outcomeLater' : 'noMessages')} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          {mailing.messagesRemovedAt ? (
            <RemovedMessages at={mailing.messagesRemovedAt} />
          ) : (
            <MailingMessages id={mailing.id} progress={progress} version={version} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <StillTimeline of={mailing.id} version={`${mailing.status} ${mailing.updatedAt}`} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
};

/** Drawn anew only when there is something new in it, like the other parts. */
const StillTimeline = memo(Timeline);

/** Which part is open: in the address, for a reload and for those to whom it is sent. */
function useTab(): [Tab, (tab: Tab) => void] {
  const [address, go] = useSearchParams();
  const named = address.get('tab') as Tab;
  const open = (tab: Tab) => go({ tab }, { replace: true, preventScrollReset: true });
  return [TABS.includes(named) ? named : 'outcome', open];
}
