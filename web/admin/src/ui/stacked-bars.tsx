import { Box, Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type FC, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { BarSlider } from './bar-slider';
import { BarTable } from './bar-table';
import { useFormat } from './format';

/** What one bar stands for. */
export interface BarStep {
  /** Sets it apart from the others. */
  readonly key: string;
  /** At the axis: a few characters. */
  readonly tick: string;
  /** In full. */
  readonly name: string;
  /** How many of each series; what is left out counts nothing. */
  readonly values: Readonly<Record<string, number>>;
}

/** A kind of piece that bars are made of. */
export interface BarSeries {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
}

export interface BarsProps {
  /** What the chart shows, in a sentence. Screen readers say it first. */
  readonly caption: string;
  /** What a step is, above the first column of the table: "Day". */
  readonly stepName: string;
  readonly steps: readonly BarStep[];
  /** The first is at the bottom. */
  readonly series: readonly BarSeries[];
  readonly height?: number;
}

/**
 * Counts by step, stacked by series. The line above says the figures of the bar that the pointer, a finger or the arrow
 * keys choose, and else those of all together; the same figures are in a table below.
 */
export const StackedBars: FC<BarsProps> = ({ caption, stepName, steps, series, height = 220 }) => {
  const captionId = useId();
  const { ref, width } = useElementSize();
  const [chosen, choose] = useState<number | null>(null);
  const step = chosen === null ? undefined : steps[chosen];
  return (
    <Box component="figure" m={0} aria-labelledby={captionId}>
      <Text component="figcaption" id={captionId} size="sm" c="dimmed" mb="xs">
        {caption}
      </Text>
      <Figures step={step} steps={steps} series={series} />
      <Box ref={ref} mih={height}>
        {width > 0 && steps.length > 0 && (
          <BarSlider
            steps={steps}
            series={series}
            width={width}
            height={height}
            labelledBy={captionId}
            chosen={step ? chosen : null}
            onChoose={choose}
          />
        )}
      </Box>
      <BarTable stepName={stepName} steps={steps} series={series} />
    </Box>
  );
};

/** The legend, with figures in it. */
const Figures: FC<{ step: BarStep | undefined } & Pick<BarsProps, 'steps' | 'series'>> = ({ step, steps, series }) => {
  const { t } = useTranslation();
  const format = useFormat();
  const counted = step ? [step] : steps;
  return (
    <Group gap="4px 16px" mb="xs" className="figures">
      <Text size="sm" fw={600} w="100%">
        {step?.name ?? t('chart.all')}
      </Text>
      {series.map(({ key, name, colour }) => (
        <Group key={key} gap={6} wrap="nowrap">
          <svg width="12" height="12" aria-hidden="true">
            <rect width="12" height="12" rx="3" fill={colour} />
          </svg>
          <Text size="sm">
            {name}{' '}
            <Text span fw={600}>
              {format.number(counted.reduce((sum, { values }) => sum + (values[key] ?? 0), 0))}
            </Text>
          </Text>
        </Group>
      ))}
    </Group>
  );
};
