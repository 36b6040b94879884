import { ScrollArea, Table, Text } from '@mantine/core';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from './format';
import type { BarsProps } from './stacked-bars';

/** The figures of a chart for whoever wants to read them, and for those who do not see it. The newest step is first. */
export const BarTable: FC<Pick<BarsProps, 'stepName' | 'steps' | 'series'>> = (props) => {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <Text component="summary" size="sm" w="fit-content">
        {t('chart.table')}
      </Text>
      {/* Charts change many times a minute: a table that nobody reads need not. */}
      {isOpen && <Rows {...props} />}
    </details>
  );
};

const Rows: FC<Pick<BarsProps, 'stepName' | 'steps' | 'series'>> = ({ stepName, steps, series }) => {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('chart.table') }}>
      <Table stickyHeader className="figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{stepName}</Table.Th>
            {series.map(({ key, name }) => (
              <Table.Th key={key} scope="col" ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.toReversed().map((step) => (
            <Table.Tr key={step.key}>
              <Table.Th scope="row" fw={400}>
                {step.name}
              </Table.Th>
              {series.map(({ key }) => (
                <Table.Td key={key} ta="right">
                  {format.number(step.values[key] ?? 0)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
};
