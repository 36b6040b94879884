import { useCallback, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';

import { ActiveMailingsDocument, OverviewMailingsDocument } from '../api/documents';
import { useNews } from '../api/news';
import { useRepeat } from '../api/repeat';
import { follow, hear, type Live } from './active';

/** Whether a mailing will miss its end is worth asking only from time to time. */
const AGAIN_MS = 5_000;

/** What runs or is paused, kept up to date. */
export function useActive() {
  const [{ data, error }, ask] = useQuery({ query: OverviewMailingsDocument });
  const live = useLive();
  const asked = useRef(Date.now());
  const again = useCallback(() => {
    asked.current = Date.now();
    ask({ requestPolicy: 'network-only' });
  }, [ask]);
  useRepeat(again, AGAIN_MS);
  const list = useMemo(() => data && { ...data, askedAt: asked.current }, [data]);
  const following = useMemo(() => list && follow(list.mailings.nodes, live, list.askedAt), [list, live]);
  return {
    following,
    hasMore: data?.mailings.pageInfo.hasPreviousPage ?? false,
    scheduled: data?.scheduled.totalCount ?? 0,
    error,
    again,
  };
}

function useLive(): Live {
  const [live, setLive] = useState<Live>(new Map());
  useNews(ActiveMailingsDocument, {}, (news) => {
    const heard = news.map(({ activeMailingsProgress }) => activeMailingsProgress);
    setLive((before) => hear(before, heard, Date.now()));
  });
  return live;
}
