/** The figures of running mailings as they change. */

import { useThrottledCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

import {
  ActiveMailingsDocument,
  type ActiveMailingsSubscription,
  type MailingListRowFragment,
} from '../../api/documents';
import { useNews } from '../../api/news';

export type Live = ActiveMailingsSubscription['activeMailingsProgress'];

const BETWEEN_REFRESHES_MS = 3_000;

/**
 * The newest figures by mailing. `refresh` is called, not too often, when a mailing shows up that `rows` has not, or has
 * with another status: where it belongs now only the API knows.
 */
export function useRunning(rows: readonly MailingListRowFragment[] | undefined, refresh: () => void) {
  const [running, setRunning] = useState<ReadonlyMap<string, Live>>();
  useNews(ActiveMailingsDocument, {}, (news) => {
    const told = news.map(({ activeMailingsProgress: live }) => [live.mailing.id, live] as const);
    setRunning((known) => new Map([...(known ?? []), ...told]));
  });
  const refreshSoon = useThrottledCallback(refresh, BETWEEN_REFRESHES_MS);
  const noticed = useRef(new Map<string, string>());
  useEffect(() => {
    if (!rows || !running) return;
    const listed = new Map(rows.map(({ id, status }) => [id, status]));
    for (const { mailing } of running.values()) {
      const isNews = noticed.current.get(mailing.id) !== mailing.status;
      noticed.current.set(mailing.id, mailing.status);
      // Once for each change: one that the filter leaves out stays out, however often it is asked for.
      if (isNews && listed.get(mailing.id) !== mailing.status) refreshSoon();
    }
  }, [rows, running, refreshSoon]);
  return running;
}

/** The row with the later of the two states. */
export function latest(row: MailingListRowFragment, live: Live | undefined): MailingListRowFragment {
  if (!live || Date.parse(live.updatedAt) <= Date.parse(row.progress.updatedAt)) return row;
  const { mailing, ...progress } = live;
  return {
    ...row,
    status: mailing.status,
    startsAt: mailing.startsAt,
    endsAt: mailing.endsAt,
    text: mailing.text,
    progress,
  };
}
