import { SimpleGrid, Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../ui/format';
import type { Progress } from './import-run';

const COUNTS = ['created', 'updated', 'unchanged', 'superseded', 'rejected'] as const;

/** What became of the rows so far. */
export const ImportCounts: FC<{ figures: Progress }> = ({ figures }) => {
  const { t } = useTranslation('clients');
  const format = useFormat();
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 5 }} m={0}>
      {COUNTS.map((count) => (
        <div key={count}>
          <Text component="dt" size="sm" c="dimmed">
            {t(`import.counts.${count}`)}
          </Text>
          <Text component="dd" m={0} size="xl" fw={600} className="figures">
            {format.number(figures[count])}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
};
