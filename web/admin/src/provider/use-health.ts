import { type CombinedError, useQuery, useSubscription } from 'urql';

import { type HealthFragment, ProviderHealthDocument, ProviderHealthLiveDocument } from '../api/documents';

/** The provider's health as it is now; undefined until it is known. */
export function useHealth(): { health: HealthFragment | undefined; error: CombinedError | undefined } {
  const [{ data: asked, error }] = useQuery({ query: ProviderHealthDocument });
  const [{ data: heard }] = useSubscription({ query: ProviderHealthLiveDocument });
  return { health: newest(asked?.providerHealth, heard?.providerHealth), error };
}

/** The socket is ahead of the answer, unless it was away. */
function newest(...states: (HealthFragment | undefined)[]): HealthFragment | undefined {
  return states
    .filter((state) => state !== undefined)
    .reduce<HealthFragment | undefined>(
      (best, state) => (best && Date.parse(best.updatedAt) > Date.parse(state.updatedAt) ? best : state),
      undefined,
    );
}
