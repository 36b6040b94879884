import type { TimelineEntryKind, TimelineEntryPartsFragment } from '../api/documents';
import { STATUS_COLOURS } from '../ui/status';

const GOOD = 'var(--mantine-color-teal-6)';
const BAD = 'var(--mantine-color-red-6)';
const WAITING = 'var(--mantine-color-orange-5)';
const NEUTRAL = 'var(--mantine-color-gray-5)';

const COLOURS: Partial<Record<TimelineEntryKind, string>> = {
  MAILING_STARTED: GOOD,
  MAILING_RESUMED: GOOD,
  MAILING_FINISHED: GOOD,
  MAILING_PAUSED: WAITING,
  MAILING_EXPIRED: WAITING,
  MAILING_CANCELLED: BAD,
  MAILING_DELETED: BAD,
  MAILING_LEASE_TAKEN_BACK: BAD,
  CLIENT_DELETED: BAD,
  CHANNEL_HELD: BAD,
  CHANNEL_RELEASED: GOOD,
  MESSAGE_WINDOW_CLOSED: WAITING,
};

/** Of the dot beside an entry. The sentence says the same: this is for eyes that skim. */
export function colourOf({ kind, status, attempt }: TimelineEntryPartsFragment): string {
  if (status) return STATUS_COLOURS[status];
  if (attempt) return attempt.outcome === 'ACCEPTED' ? GOOD : WAITING;
  return COLOURS[kind] ?? NEUTRAL;
}
