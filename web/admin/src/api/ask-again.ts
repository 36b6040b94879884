import { useEffect, useRef } from 'react';
import type { OperationContext } from 'urql';

/**
 * Asks a query again whenever `version` is another than before: when something live says that there is news. The first
 * one that there is, after none, is that of the answer itself.
 */
export function useAskAgain(version: unknown, ask: (options?: Partial<OperationContext>) => void): void {
  const asked = useRef(version);
  useEffect(() => {
    const before = asked.current;
    asked.current = version;
    if (before === undefined || Object.is(before, version)) return;
    ask({ requestPolicy: 'network-only' });
  }, [version, ask]);
}
