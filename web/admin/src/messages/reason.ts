/** Reasons of messages, which the API tells in a few English words, in the language of the page. */

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

/** Each is a key in messages.json. */
const KNOWN = [
  'no time left',
  'name not found',
  'connection refused',
  'connect timeout',
  'proxy refused',
  'TLS failed',
  'connection failed',
  'client closed',
  'unsendable message',
  'timeout',
  'connection lost',
  'unreadable answer',
  'unexpected error',
  'client deleted',
  'left out by the changed filter',
  'worker died',
] as const;

type Known = (typeof KNOWN)[number];

const TRIES_USED_UP = /^tries used up(?:: (.*))?$/s;
const CODE = /^code (-?\d+)$/;
const HTTP = /^HTTP (\d{3})$/;

/** Those of 4xx that do not speak of the message: it is tried again. */
const TRIED_AGAIN = new Set(['401', '403', '407', '408', '425', '429']);

export function useReasonText(): (reason: string) => string {
  const { t } = useTranslation('messages');
  return (reason) => reasonText(reason, t);
}

/** A reason that is not known is shown as the API tells it. */
export function reasonText(reason: string, t: TFunction<'messages'>): string {
  if (isKnown(reason)) return t(`reason.${reason}`);
  const used = TRIES_USED_UP.exec(reason);
  if (used) return used[1] ? t('reason.used', { last: reasonText(used[1], t) }) : t('reason.usedUp');
  const code = CODE.exec(reason)?.[1];
  if (code !== undefined) return t('reason.code', { code });
  const status = HTTP.exec(reason)?.[1];
  if (status === undefined) return reason;
  return t(status.startsWith('4') && !TRIED_AGAIN.has(status) ? 'reason.refused' : 'reason.answered', { status });
}

function isKnown(reason: string): reason is Known {
  return (KNOWN as readonly string[]).includes(reason);
}
