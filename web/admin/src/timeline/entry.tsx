import { Group, Text } from '@mantine/core';
import type { FC, Ref } from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineEntryPartsFragment } from '../api/documents';
import { Moment } from '../ui/moment';
import { ReferenceLink } from '../ui/reference-link';
import { Changes } from './changes';
import { colourOf } from './colour';
import { Details } from './details';
import { useSentence } from './sentence';
import classes from './timeline.module.css';

/** The user where nobody has to sign in: says as much as nobody. */
const EVERYONE = 'everyone';

interface Props {
  readonly entry: TimelineEntryPartsFragment;
  readonly timezone: string | null;
  /** To the mailing and the message, where the page is of neither. */
  readonly hasLinks: boolean;
  readonly ref: Ref<HTMLLIElement>;
}

/** One thing that happened: what, when, by whom, and what more is known of it. */
export const TimelineEntry: FC<Props> = ({ entry, timezone, hasLinks, ref }) => {
  const { t } = useTranslation('timeline');
  const sentence = useSentence();
  return (
    <li className={classes.entry} ref={ref} tabIndex={-1}>
      <svg className={classes.bullet} width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="6" r="6" fill={colourOf(entry)} />
      </svg>
      <Text fw={500} className="said">
        {sentence(entry)}
      </Text>
      <Details entry={entry} timezone={timezone} />
      <Changes changes={entry.changes} />
      <Group gap="md" c="dimmed" fz="sm">
        <Moment at={entry.at} precise timezone={timezone} />
        {entry.user && entry.user !== EVERYONE && <span className="said">{t('by', { user: entry.user })}</span>}
        {hasLinks && entry.mailing && <ReferenceLink id={entry.mailing.id} />}
        {hasLinks && entry.message && <ReferenceLink id={entry.message.id} />}
      </Group>
    </li>
  );
};
