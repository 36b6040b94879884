/** What happened to a mailing, a client or a message, also after it was deleted. */

import { Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { Order } from '../ui/keyset';
import { TimelinePage } from './page';
import classes from './timeline.module.css';

export interface TimelineProps {
  /** Of what: `mailing_7`, `client_42`, `message_1001`. */
  readonly of: string;
  /** Which end is at the top; further pages are added at the other. */
  readonly order?: Order;
  /** The client's zone: then the client's local time stands beside the viewer's. */
  readonly timezone?: string | null;
  /** Asked again when this changes, as where something live says that there is news. */
  readonly version?: unknown;
}

/** The entries under a heading of the page's own, and a button for more. */
export const Timeline: FC<TimelineProps> = ({ of, order = 'newest first', timezone = null, version }) => {
  const { t } = useTranslation('timeline');
  return (
    <ol className={classes.list} aria-label={t('title')}>
      <TimelinePage
        key={of}
        of={of}
        order={order}
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
