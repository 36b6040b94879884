import { useEffect, useRef } from 'react';
import type { OperationContext } from 'urql';

/** Asks a query again whenever `version` is another than before: when something live says that there is news. */
export function useAskAgain(version: unknown, ask: (options?: Partial<OperationContext>) => void): void {
  const asked = useRef(version);
  useEffect(() => {
    if (Object.is(asked.current, version)) return;
    asked.current = version;
    ask({ requestPolicy: 'network-only' });
  }, [version, ask]);
}
