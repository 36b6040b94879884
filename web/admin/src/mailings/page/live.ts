/** A mailing as it is now: asked for once, then told live, as long as there is something to tell. */

import { useThrottledValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { type CombinedError, useQuery } from 'urql';

import { useAskAgain } from '../../api/ask-again';
import {
  type MailingFactsFragment,
  MailingPageDocument,
  MailingProgressDocument,
  type MailingProgressSubscription,
  type ProgressFragment,
} from '../../api/documents';
import { useNews } from '../../api/news';
import { useRepeat } from '../../api/repeat';

/** Between two looks at what is not told live. */
const BETWEEN_LOOKS_MS = 4_000;

/** That a mailing was deleted is not told at all. */
const STILL_THERE_MS = 10_000;

export interface LiveMailing {
  readonly mailing: MailingFactsFragment;
  readonly progress: ProgressFragment;
  /** Changes when figures have, though not at each change: by this the rest of the page is asked for again. */
  readonly version: string;
}

export interface Loading {
  readonly error: CombinedError | undefined;
  readonly onTryAgain: () => void;
}

/** Null for an id that names no mailing, or none any more. */
export function useLiveMailing(id: string): LiveMailing | Loading | null {
  const [{ data, error }, ask] = useQuery({ query: MailingPageDocument, variables: { id } });
  const asked = data?.mailing;
  const isOver = !asked || isSettled(asked.status, asked.progress);
  const [live, setLive] = useState<MailingProgressSubscription['mailingProgress']>();
  useNews(MailingProgressDocument, { id }, (news) => setLive(news.at(-1)?.mailingProgress), !isOver);
  useAskAgain(state(live?.mailing ?? asked), ask);
  useRepeat(() => ask({ requestPolicy: 'network-only' }), STILL_THERE_MS);

  const progress = asked && newest(asked.progress, live);
  const shown = useThrottledValue(progress?.updatedAt, BETWEEN_LOOKS_MS);
  const status = live && progress === live ? live.mailing.status : asked?.status;
  // The same object for the same facts: what shows them need not be drawn with each figure.
  const mailing = useMemo(() => asked && status && { ...asked, status }, [asked, status]);
  if (!data) return { error, onTryAgain: () => ask() };
  if (!mailing || !progress) return null;
  return { mailing, progress, version: `${shown ?? progress.updatedAt} ${mailing.updatedAt}` };
}

export function isOver(status: MailingFactsFragment['status']): boolean {
  return status === 'FINISHED' || status === 'CANCELLED';
}

/** Changes when its facts have. */
function state(mailing: Pick<MailingFactsFragment, 'status' | 'updatedAt'> | null | undefined): string | undefined {
  return mailing ? `${mailing.status} ${mailing.updatedAt}` : undefined;
}

/** Requests on their way when it was cancelled still have their answers to come. */
function isSettled(status: MailingFactsFragment['status'], { pending, sending }: ProgressFragment): boolean {
  return isOver(status) && pending + sending === 0;
}

function newest<Live extends ProgressFragment>(asked: ProgressFragment, live: Live | undefined) {
  return live && Date.parse(live.updatedAt) >= Date.parse(asked.updatedAt) ? live : asked;
}
