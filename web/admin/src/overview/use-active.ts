import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { pipe, subscribe } from 'wonka';

import { ActiveMailingsDocument, OverviewMailingsDocument } from '../api/documents';
import { useRepeat } from '../api/repeat';
import { follow, type Heard, hear, type Live } from './active';

/** Whether a mailing will miss its end is worth asking only from time to time. */
const AGAIN_MS = 5_000;

/** Each of many mailings may change ten times a second: no eye follows that. */
const SHOW_MS = 250;

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
  const client = useClient();
  const [live, setLive] = useState<Live>(new Map());
  useEffect(() => {
    let news: Heard[] = [];
    const show = () => {
      if (news.length === 0) return;
      const heard = news;
      news = [];
      setLive((before) => hear(before, heard, Date.now()));
    };
    const { unsubscribe } = pipe(
      client.subscription(ActiveMailingsDocument, {}),
      subscribe(({ data }) => data && news.push(data.activeMailingsProgress)),
    );
    const timer = setInterval(show, SHOW_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [client]);
  return live;
}
