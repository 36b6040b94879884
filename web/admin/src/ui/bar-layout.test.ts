import { describe, expect, it } from 'vitest';

import { barLayout, stepAt } from './bar-layout';

const SIZE = { width: 200, height: 100, nameWidth: 50 };

describe('barLayout', () => {
  it('piles up what each step counts, from the bottom', () => {
    const { bars } = barLayout([{ sent: 60, failed: 40 }, { sent: 20 }], ['sent', 'failed'], SIZE);

    expect(bars.map(({ pieces }) => pieces)).toEqual([
      [
        { key: 'sent', y: 40, height: 60 },
        { key: 'failed', y: 0, height: 40 },
      ],
      [{ key: 'sent', y: 80, height: 20 }],
    ]);
  });

  it('shows one among a million', () => {
    const { bars } = barLayout([{ sent: 999_999, failed: 1 }], ['sent', 'failed'], SIZE);

    expect(bars[0]?.pieces[1]).toMatchObject({ key: 'failed', height: 2 });
  });

  it('has whole numbers at the axis, also where little is counted', () => {
    const levels = (sent: number) => barLayout([{ sent }], ['sent'], SIZE).levels.map(({ value }) => value);

    expect(levels(0)).toEqual([0, 1]);
    expect(levels(3)).toEqual([0, 1, 2, 3]);
    expect(levels(87_000)).toEqual([0, 20_000, 40_000, 60_000, 80_000, 100_000]);
  });

  it('names as many steps as there is room for, the last among them', () => {
    const steps = Array.from({ length: 14 }, () => ({ sent: 1 }));

    expect(barLayout(steps, ['sent'], SIZE).named).toEqual([1, 5, 9, 13]);
    expect(barLayout(steps, ['sent'], { ...SIZE, width: 2_000 }).named).toHaveLength(14);
  });

  it('has nothing to lay out without steps', () => {
    expect(barLayout([], ['sent'], SIZE)).toMatchObject({ bars: [], named: [] });
  });
});

it('finds the step below the pointer, at the edges the nearest', () => {
  const layout = barLayout([{}, {}, {}, {}], [], SIZE);

  expect([-5, 10, 70, 120, 199, 400].map((x) => stepAt(layout, x))).toEqual([0, 0, 1, 2, 3, 3]);
});
