import { Text } from '@mantine/core';
import type { FC } from 'react';

import { useFormat } from './format';
import { useNow } from './now';

interface Props {
  /** As the API writes it. */
  readonly at: string;
  /** Down to the second. */
  readonly precise?: boolean;
  /** The clock alone if it is today, for where many moments of one day stand together. */
  readonly near?: boolean;
  /** Also how far away it is, kept up to date. */
  readonly distance?: boolean;
  /** The client's zone: then the client's local time stands beside the viewer's. */
  readonly timezone?: string | null;
}

/** A moment in the viewer's zone. Machines find it in UTC, and people who point at it see that, too. */
export const Moment: FC<Props> = ({ at, precise = false, near = false, distance = false, timezone }) => {
  const format = useFormat();
  const write = near ? format.near : precise ? format.preciseMoment : format.moment;
  return (
    <time dateTime={at} title={at}>
      {write(at)}
      {distance && <Distance to={at} />}
      {timezone && !isHere(timezone, at) && (
        <Text span c="dimmed" size="sm">
          {' '}
          ({format.time(at, timezone)} {timezone})
        </Text>
      )}
    </time>
  );
};

const Distance: FC<{ to: string }> = ({ to }) => {
  const format = useFormat();
  const now = useNow();
  return (
    <Text span c="dimmed" inherit>
      {' '}
      ({format.distance(to, now)})
    </Text>
  );
};

/** Whether the clocks of that zone and of the viewer's show the same at that moment. */
function isHere(timezone: string, at: string): boolean {
  const moment = new Date(at);
  return clockIn(undefined).format(moment) === clockIn(timezone).format(moment);
}

/** To make one takes longer than a row of a table may: each is made once. */
const clocks = new Map<string | undefined, Intl.DateTimeFormat>();

function clockIn(timeZone: string | undefined): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeStyle: 'short', timeZone });
    clocks.set(timeZone, clock);
  }
  return clock;
}
