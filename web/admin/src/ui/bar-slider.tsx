import type { FC, KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { BarDrawing, type DrawingProps, fromAxis, useBarLayout } from './bar-drawing';
import { stepAt } from './bar-layout';
import { useFormat } from './format';
import type { BarSeries, BarStep } from './stacked-bars';

/** Bars to choose from with a pointer or with the arrow keys: to screen readers a slider along the steps. */
export const BarSlider: FC<DrawingProps & { labelledBy: string }> = ({ labelledBy, ...props }) => {
  const { steps, chosen, onChoose } = props;
  const say = useSay(props.series);
  const layout = useBarLayout(props);
  const at = chosen ?? steps.length - 1;

  const point = (event: PointerEvent) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    onChoose(stepAt(layout, fromAxis(event.clientX - left)));
  };
  // A finger that was lifted has left, too: what it chose stays until another place is touched.
  const leave = (event: PointerEvent) => event.pointerType === 'mouse' && onChoose(null);
  const press = (event: KeyboardEvent) => {
    const place = placeAfter(event.key, at, steps.length);
    if (place === undefined) return;
    event.preventDefault();
    onChoose(place);
  };

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-labelledby={labelledBy}
      aria-valuemin={1}
      aria-valuemax={steps.length}
      aria-valuenow={at + 1}
      aria-valuetext={say(steps[at])}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={leave}
      onFocus={() => onChoose(at)}
      onBlur={() => onChoose(null)}
      onKeyDown={press}
    >
      <BarDrawing {...props} layout={layout} />
    </div>
  );
};

/** "Nov 21, 2030: Sent 120, Failed 3". */
function useSay(series: readonly BarSeries[]): (step: BarStep | undefined) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (step) => {
    if (!step) return t('none');
    const figures = series
      .filter(({ key }) => (step.values[key] ?? 0) > 0)
      .map(({ key, name }) => `${name} ${format.number(step.values[key] ?? 0)}`);
    return `${step.name}: ${figures.join(', ') || t('none')}`;
  };
}

/** Where a key leads to from there; undefined: it is none of ours. */
function placeAfter(key: string, place: number, count: number): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(place - 1, 0);
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(place + 1, count - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}
