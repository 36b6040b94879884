import { type FC, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './bar-drawing.module.css';
import { type Bar, type BarLayout, barLayout } from './bar-layout';
import type { BarSeries, BarsProps } from './stacked-bars';

/** Around the bars, for what is written there. */
const LEFT = 44;
const TOP = 8;
const BOTTOM = 24;
const CHARACTER_WIDTH = 7;
/** Between two names, also where the last one moves to the left to stay within the drawing. */
const NAME_GAP = 28;

export interface DrawingProps extends Pick<BarsProps, 'steps' | 'series'> {
  readonly width: number;
  readonly height: number;
  /** The bar that the others step back for. */
  readonly chosen: number | null;
  /** Is told which bar a pointer is at, or null when it has left. */
  readonly onChoose: (place: number | null) => void;
}

/** The bars with their axes. */
export const BarDrawing: FC<DrawingProps & { layout: BarLayout }> = ({ steps, series, layout, ...props }) => {
  const { width, height, chosen } = props;
  return (
    <svg width={width} height={height} className={classes.drawing} aria-hidden="true">
      <g transform={`translate(${LEFT},${TOP})`}>
        <Levels layout={layout} width={width - LEFT} />
        {layout.bars.map((bar, place) => (
          <Pieces key={steps[place]?.key} bar={bar} series={series} isBeside={chosen !== null && chosen !== place} />
        ))}
        {layout.named.map((place) => (
          <Name
            key={steps[place]?.key}
            bar={layout.bars[place]}
            y={height - TOP - 6}
            isLast={place > 0 && place === steps.length - 1}
          >
            {steps[place]?.tick ?? ''}
          </Name>
        ))}
      </g>
    </svg>
  );
};

/** The layout inside of the axes. */
export function useBarLayout({ steps, series, width, height }: DrawingProps): BarLayout {
  return useMemo(
    () =>
      barLayout(
        steps.map(({ values }) => values),
        series.map(({ key }) => key),
        { width: width - LEFT, height: height - TOP - BOTTOM, nameWidth: nameWidthOf(steps) },
      ),
    [steps, series, width, height],
  );
}

/** What the longest name takes, about. */
function nameWidthOf(steps: BarsProps['steps']): number {
  return Math.max(0, ...steps.map(({ tick }) => tick.length)) * CHARACTER_WIDTH + NAME_GAP;
}

/** How far a point of the drawing is from where the bars begin. */
export function fromAxis(x: number): number {
  return x - LEFT;
}

const Levels: FC<{ layout: BarLayout; width: number }> = ({ layout, width }) => {
  const { i18n } = useTranslation();
  const short = new Intl.NumberFormat(i18n.language, { notation: 'compact' });
  return layout.levels.map(({ value, y }) => (
    <g key={value} transform={`translate(0,${y})`}>
      <line x2={width} />
      <text x={-8} dy="0.32em" textAnchor="end">
        {short.format(value)}
      </text>
    </g>
  ));
};

const Pieces: FC<{ bar: Bar; series: readonly BarSeries[]; isBeside: boolean }> = ({ bar, series, isBeside }) => {
  const colours = new Map(series.map(({ key, colour }) => [key, colour]));
  return (
    <g opacity={isBeside ? 0.45 : 1}>
      {bar.pieces.map(({ key, y, height }) => (
        <rect key={key} x={bar.x} y={y} width={bar.width} height={height} fill={colours.get(key)} />
      ))}
    </g>
  );
};

/** Below its bar, the last one within the drawing. */
const Name: FC<{ bar: Bar | undefined; y: number; isLast: boolean; children: string }> = (props) => {
  const { x, width } = props.bar ?? { x: 0, width: 0 };
  return (
    <text x={props.isLast ? x + width : x + width / 2} y={props.y} textAnchor={props.isLast ? 'end' : 'middle'}>
      {props.children}
    </text>
  );
};
