/** What happened to a mailing, a client or a message, also after it was deleted. */

import { Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { TimelinePage } from './page';
import classes from './timeline.module.css';

export interface TimelineProps {
  /** Of what: `mailing_7`, `client_42`, `message_1001`. */
  readonly of: string;
  /** The client's zone: then the client's local time stands beside the viewer's. */
  readonly timezone?: string | null;
  /** Asked again when this changes, as where something live says that there is news. */
  readonly version?: unknown;
}

/** The entries, the newest first, under a heading of the page's own, and a button for those before. */
export const Timeline: FC<TimelineProps> = ({ of, timezone = null, version }) => {
  const { t } = useTranslation('timeline');
  return (
    <ol className={classes.list} aria-label={t('title')}>
      <TimelinePage
        key={of}
        of={of}
        timezone={timezone}
        version={version}
        cursor={null}
        empty={
          <li>
            <Text c="dimmed">{t('empty')}</Text>
          </li>
        }
      />
    </ol>
  );
};
