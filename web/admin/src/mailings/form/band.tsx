/** A day as a band, with the hours in which a zone is open. */

import { Group, Text } from '@mantine/core';
import type { FC } from 'react';

import { useFormat } from '../../ui/format';
import type { Span } from '../window/opening';
import { axisFrom, overlap } from './zones';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const TRACK = 'light-dark(var(--mantine-color-gray-2), var(--mantine-color-dark-5))';
const TICKS = [0, 6, 12, 18, 24];

/** Filled is what lies between start and end; what is open only before or after that is paler. */
const LOOKS = {
  sent: { fill: 'var(--mantine-color-teal-7)', height: 16, y: 0 },
  open: { fill: 'var(--mantine-color-teal-4)', height: 6, y: 5 },
} as const;

export const Band: FC<{ spans: readonly Span[]; period: Span }> = ({ spans, period }) => {
  const axis = axisFrom(period.from);
  const sent = spans.map((span) => overlap(span, period)).filter((span) => span !== null);
  return (
    <svg width="100%" height="16" viewBox={`0 0 ${DAY_MINUTES} 16`} preserveAspectRatio="none" aria-hidden="true">
      <rect width={DAY_MINUTES} height="16" fill={TRACK} />
      {spans.map((span) => (
        <Piece key={span.from} span={span} axis={axis} kind="open" />
      ))}
      {sent.map((span) => (
        <Piece key={span.from} span={span} axis={axis} kind="sent" />
      ))}
      {TICKS.slice(1, -1).map((hour) => (
        <rect key={hour} x={hour * 60} width="2" height="16" fill="var(--mantine-color-body)" />
      ))}
    </svg>
  );
};

const Piece: FC<{ span: Span; axis: Span; kind: keyof typeof LOOKS }> = ({ span, axis, kind }) => (
  <rect x={(span.from - axis.from) / MINUTE_MS} width={(span.until - span.from) / MINUTE_MS} {...LOOKS[kind]} />
);

/** The hours above the bands, by the viewer's clock. */
export const BandAxis: FC<{ axis: Span }> = ({ axis }) => {
  const format = useFormat();
  return (
    <Group justify="space-between" gap={0} wrap="nowrap">
      {TICKS.map((hour) => (
        <Text key={hour} span fz="xs" c="dimmed" className="figures">
          {format.time(new Date(axis.from + hour * 60 * MINUTE_MS).toISOString())}
        </Text>
      ))}
    </Group>
  );
};

/** For the legend. */
export const Swatch: FC<{ kind: keyof typeof LOOKS }> = ({ kind }) => (
  <svg width="20" height="16" aria-hidden="true">
    <rect width="20" height="16" fill={TRACK} />
    <rect width="20" {...LOOKS[kind]} />
  </svg>
);
