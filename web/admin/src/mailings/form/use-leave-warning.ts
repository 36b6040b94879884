import { useCallback, useEffect, useRef } from 'react';

/** The browser asks before it closes or reloads the page while `isDirty`. Gives what ends that, for what was saved. */
export function useLeaveWarning(isDirty: boolean): () => void {
  const isOver = useRef(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty && !isOver.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  return useCallback(() => {
    isOver.current = true;
  }, []);
}
