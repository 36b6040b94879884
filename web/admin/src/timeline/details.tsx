import { Text } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineEntryKind, TimelineEntryPartsFragment } from '../api/documents';
import { useReasonText } from '../messages/reason';
import { useFormat } from '../ui/format';
import { Moment } from '../ui/moment';

/** What the number of messages is the number of. */
const COUNTED: Partial<Record<TimelineEntryKind, 'chosen' | 'unsent' | 'givenBack' | 'removed'>> = {
  MAILING_AUDIENCE_SELECTED: 'chosen',
  MAILING_EXPIRED: 'unsent',
  MAILING_CANCELLED: 'unsent',
  MAILING_LEASE_TAKEN_BACK: 'givenBack',
  MAILING_MESSAGES_REMOVED: 'removed',
};

interface Props {
  readonly entry: TimelineEntryPartsFragment;
  readonly timezone: string | null;
}

/** What more is known: how many messages, why, how the provider answered, and until when it waits. */
export const Details: FC<Props> = ({ entry, timezone }) => {
  const { t } = useTranslation('timeline');
  const reasonText = useReasonText();
  const { kind, messages, reason, attempt, until } = entry;
  return (
    <>
      {messages !== null && <Line>{t(`messages.${COUNTED[kind] ?? 'concerned'}`, { count: messages })}</Line>}
      {reason && <Line>{reasonText(reason)}</Line>}
      {attempt && <Answer attempt={attempt} />}
      {until && (
        <Line>
          {t(attempt ? 'nextTry' : 'opens')} <Moment at={until} precise={attempt !== null} timezone={timezone} />
        </Line>
      )}
    </>
  );
};

/** The answer's status and code, and how long it took. */
const Answer: FC<{ attempt: NonNullable<TimelineEntryPartsFragment['attempt']> }> = ({ attempt }) => {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const parts = [
    attempt.httpStatus === null ? null : `HTTP ${attempt.httpStatus}`,
    attempt.providerCode === null ? null : t('code', { code: attempt.providerCode }),
    attempt.durationMs === null ? null : t('took', { duration: format.duration(attempt.durationMs) }),
    attempt.spent ? null : t('free'),
  ];
  const known = parts.filter((part) => part !== null);
  return known.length > 0 && <Line>{known.join(', ')}</Line>;
};

const Line: FC<{ children: ReactNode }> = ({ children }) => (
  <Text size="sm" className="said">
    {children}
  </Text>
);
