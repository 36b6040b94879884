import { useCallback, useEffect } from 'react';
import { useClient } from 'urql';

import { ViewerDocument } from '../api/documents';
import { refusal } from '../api/session';

/**
 * A function that shows the pages again if the API knows by now who asks, and says whether it does. Also looks by
 * itself when somebody comes back to this tab: perhaps they have signed in in another one.
 */
export function useComeBack(): () => Promise<boolean> {
  const client = useClient();
  const comeBack = useCallback(async () => {
    const { data } = await client.query(ViewerDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (data) refusal.set(null);
    return Boolean(data);
  }, [client]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void comeBack();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [comeBack]);
  return comeBack;
}
