import { type CombinedError, useQuery } from 'urql';

import { MessagePageDocument, type MessagePageQuery } from '../api/documents';
import { useRepeat } from '../api/repeat';

/** Nothing tells live of one message alone. */
const LOOK_EVERY_MS = 3_000;

export type OneMessage = NonNullable<MessagePageQuery['message']>;

interface Asked {
  /** Null for an id that names none, undefined as long as that is not known. */
  readonly message: OneMessage | null | undefined;
  readonly error: CombinedError | undefined;
  readonly ask: () => void;
}

/** The message, looked at again every few seconds until it has its final status. */
export function useMessage(id: string): Asked {
  const [{ data, error }, ask] = useQuery({ query: MessagePageDocument, variables: { id } });
  const isOpen = data?.message?.status === 'PENDING' || data?.message?.status === 'SENDING';
  useRepeat(() => {
    if (isOpen) ask({ requestPolicy: 'network-only' });
  }, LOOK_EVERY_MS);
  return { message: data?.message, error, ask: () => ask() };
}
