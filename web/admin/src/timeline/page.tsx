import { Button } from '@mantine/core';
import { type FC, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { useAskAgain } from '../api/ask-again';
import { TimelineOfDocument } from '../api/documents';
import { Failure } from '../ui/failure';
import { keysetVariables, rows } from '../ui/keyset';
import { PageLoading } from '../ui/page-loading';
import { TimelineEntry } from './entry';

const SIZE = 20;
const NEWEST = 'newest first';

interface Props {
  readonly of: string;
  readonly timezone: string | null;
  readonly version: unknown;
  /** Where the page above ends. */
  readonly cursor: string | null;
  /** In place of entries where there are none at all. */
  readonly empty?: ReactNode;
}

/**
 * One page, and those that were asked for below it. Each begins where the one above ends: what comes in at the top moves
 * all of them, and nothing falls between two.
 */
export const TimelinePage: FC<Props> = ({ empty, ...props }) => {
  const { of, timezone, version, cursor } = props;
  const { t } = useTranslation('timeline');
  const [hasMore, setMore] = useState(false);
  const variables = { id: of, ...keysetVariables(NEWEST, null, cursor, SIZE) };
  const [{ data, error }, ask] = useQuery({ query: TimelineOfDocument, variables });
  const first = useRef<HTMLLIElement>(null);
  useAskAgain(version, ask);
  useFocus(first, cursor !== null && data !== undefined);

  if (!data) {
    return <li>{error ? <Failure error={error} onTryAgain={() => ask()} /> : <PageLoading />}</li>;
  }
  const entries = rows(NEWEST, data.timeline.nodes);
  const { hasPreviousPage, startCursor } = data.timeline.pageInfo;
  const next = hasPreviousPage ? startCursor : null;
  if (entries.length === 0) return empty;
  return (
    <>
      {entries.map((entry, place) => (
        <TimelineEntry
          // Entries have no ids, and do not change: of one moment and kind the order is always the same.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={`${entry.at} ${entry.kind} ${place}`}
          ref={place === 0 ? first : null}
          entry={entry}
          timezone={timezone}
          hasLinks={of.startsWith('client_')}
        />
      ))}
      {next && hasMore && <TimelinePage {...props} cursor={next} />}
      {next && !hasMore && (
        <li>
          <Button variant="default" size="xs" onClick={() => setMore(true)}>
            {t('earlier')}
          </Button>
        </li>
      )}
    </>
  );
};

/** The button that asked for the page is gone: the keyboard goes on at the page's first entry. */
function useFocus(element: { current: HTMLElement | null }, isDue: boolean): void {
  useEffect(() => {
    if (isDue) element.current?.focus();
  }, [element, isDue]);
}
