/** Where each piece of a chart of stacked bars lies, in pixels from its upper left corner. */

import { scaleBand, scaleLinear } from 'd3-scale';

export interface Piece {
  readonly key: string;
  readonly y: number;
  readonly height: number;
}

export interface Bar {
  readonly x: number;
  readonly width: number;
  /** From the bottom to the top; what counts nothing has none. */
  readonly pieces: readonly Piece[];
}

export interface BarLayout {
  readonly bars: readonly Bar[];
  /** From the start of one bar to the start of the next. */
  readonly pitch: number;
  /** Round values for the axis at the left, 0 first. */
  readonly levels: readonly { readonly value: number; readonly y: number }[];
  /** The steps that have room for their names below: each of them, or each second, third, … counted from the last. */
  readonly named: readonly number[];
}

/** One among a million must be seen, too: it may be what somebody has to look into. */
const LEAST_HEIGHT = 2;
const LEVELS = 4;

export function barLayout(
  steps: readonly Readonly<Record<string, number>>[],
  keys: readonly string[],
  size: { readonly width: number; readonly height: number; readonly nameWidth: number },
): BarLayout {
  const highest = Math.max(1, ...steps.map((step) => keys.reduce((sum, key) => sum + (step[key] ?? 0), 0)));
  const x = scaleBand<number>()
    .domain(steps.map((_, place) => place))
    .range([0, size.width])
    .paddingInner(0.25)
    .paddingOuter(0.15);
  const y = scaleLinear().domain([0, highest]).nice(LEVELS).range([0, size.height]);
  return {
    bars: steps.map((step, place) => ({
      x: x(place) ?? 0,
      width: x.bandwidth(),
      pieces: pile(step, keys, y, size.height),
    })),
    pitch: x.step(),
    levels: y
      .ticks(LEVELS)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: size.height - y(value) })),
    named: namedSteps(steps.length, Math.max(1, Math.ceil(size.nameWidth / x.step()))),
  };
}

/** The step that is nearest to a point so far from the left. */
export function stepAt(layout: BarLayout, x: number): number {
  const first = layout.bars[0]?.x ?? 0;
  const place = Math.floor((x - first) / layout.pitch);
  return Math.min(Math.max(place, 0), layout.bars.length - 1);
}

function pile(
  step: Readonly<Record<string, number>>,
  keys: readonly string[],
  scale: (value: number) => number,
  bottom: number,
): Piece[] {
  let top = bottom;
  return keys
    .filter((key) => (step[key] ?? 0) > 0)
    .map((key) => {
      const height = Math.max(scale(step[key] ?? 0), LEAST_HEIGHT);
      top -= height;
      return { key, y: top, height };
    });
}

function namedSteps(count: number, every: number): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  return places.filter((place) => (count - 1 - place) % every === 0);
}
