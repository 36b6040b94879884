import { useEffect, useRef } from 'react';

import { isReachable } from './connection';

/** Calls again and again while the page is looked at and the API answers, and as soon as somebody looks again. */
export function useRepeat(ask: () => void, everyMs: number): void {
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const askIfSeen = () => {
      if (document.visibilityState === 'visible' && isReachable.get()) latest.current();
    };
    const timer = setInterval(askIfSeen, everyMs);
    document.addEventListener('visibilitychange', askIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', askIfSeen);
    };
  }, [everyMs]);
}
