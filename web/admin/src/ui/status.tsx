/** Statuses as people see them: the same word and the same colour everywhere. */

import { Badge } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { MailingStatus, MessageStatus } from '../api/documents';

/** In the order of a message's life. */
export const MESSAGE_STATUSES = [
  'PENDING',
  'SENDING',
  'SENT',
  'FAILED',
  'EXPIRED',
  'UNCONFIRMED',
  'CANCELLED',
] as const satisfies readonly MessageStatus[];

export const MAILING_STATUSES = [
  'SCHEDULED',
  'RUNNING',
  'PAUSED',
  'FINISHED',
  'CANCELLED',
] as const satisfies readonly MailingStatus[];

/**
 * Of areas and bars. They differ in lightness, too, for those who do not tell red from green. What waits steps back
 * behind what is done, on white and on black.
 */
export const STATUS_COLOURS: Record<MessageStatus, string> = {
  PENDING: 'light-dark(var(--mantine-color-gray-4), var(--mantine-color-dark-3))',
  SENDING: 'var(--mantine-color-blue-4)',
  SENT: 'var(--mantine-color-teal-7)',
  FAILED: 'var(--mantine-color-red-7)',
  EXPIRED: 'var(--mantine-color-orange-5)',
  UNCONFIRMED: 'var(--mantine-color-violet-5)',
  CANCELLED: 'var(--mantine-color-gray-6)',
};

const MESSAGE_BADGES: Record<MessageStatus, string> = {
  PENDING: 'gray',
  SENDING: 'blue',
  SENT: 'teal',
  FAILED: 'red',
  EXPIRED: 'orange',
  UNCONFIRMED: 'violet',
  CANCELLED: 'gray',
};

const MAILING_BADGES: Record<MailingStatus, string> = {
  SCHEDULED: 'indigo',
  RUNNING: 'teal',
  PAUSED: 'orange',
  FINISHED: 'gray',
  CANCELLED: 'gray',
};

export const MailingStatusBadge: FC<{ status: MailingStatus }> = ({ status }) => {
  const { t } = useTranslation();
  return <Word colour={MAILING_BADGES[status]}>{t(`mailingStatus.${status}`)}</Word>;
};

export const MessageStatusBadge: FC<{ status: MessageStatus }> = ({ status }) => {
  const { t } = useTranslation();
  return <Word colour={MESSAGE_BADGES[status]}>{t(`status.${status}`)}</Word>;
};

/** The outline with text in the colour of all text: tinted words on tints are below 4.5:1. */
const Word: FC<{ colour: string; children: string }> = ({ colour, children }) => (
  <Badge
    variant="outline"
    color={colour}
    tt="none"
    fw={500}
    miw="max-content" // A narrow table would cut the word off.
    styles={{ label: { color: 'var(--mantine-color-text)' } }}
    leftSection={<Dot colour={colour} />}
  >
    {children}
  </Badge>
);

const Dot: FC<{ colour: string }> = ({ colour }) => (
  <svg width="8" height="8" aria-hidden="true">
    <circle cx="4" cy="4" r="4" fill={`var(--mantine-color-${colour}-6)`} />
  </svg>
);
