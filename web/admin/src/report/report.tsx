import { Card, Stack, Tabs, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import type { ReportQuery } from '../api/documents';
import { MailFrame } from './mail-frame';
import classes from './report.module.css';

/** The mail: its head, and what it is with and without pictures and colours. */
export const Report: FC<ReportQuery['reportPreview']> = ({ subject, recipients, timezone, html, text }) => {
  const { t } = useTranslation('report');
  const [address, setAddress] = useSearchParams();
  const view = address.get('view') === 'text' ? 'text' : 'mail';

  const show = (chosen: string | null) => {
    const other = new URLSearchParams(address);
    if (chosen === 'text') other.set('view', chosen);
    else other.delete('view');
    setAddress(other, { replace: true });
  };

  return (
    <Stack>
      <Card withBorder padding="sm">
        <dl className={classes.head}>
          <dt>{t('subject')}</dt>
          <dd lang="en">{subject}</dd>
          <dt>{t('to')}</dt>
          <dd className="said">{recipients.join(', ') || t('nobody')}</dd>
          <dt>{t('zone')}</dt>
          <dd>{timezone}</dd>
        </dl>
      </Card>
      <Tabs value={view} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="mail">{t('asMail')}</Tabs.Tab>
          <Tabs.Tab value="text">{t('asText')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mail">
          <MailFrame html={html} title={t('asMail')} />
        </Tabs.Panel>
        <Tabs.Panel value="text">
          {/* It scrolls sideways, which must be possible by keyboard, too. */}
          <Text component="pre" lang="en" tabIndex={0} className={classes.text} aria-label={t('asText')} role="region">
            {text}
          </Text>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
};
