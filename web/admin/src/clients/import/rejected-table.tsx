import { Table } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type FC, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../ui/format';
import type { RejectedRow } from './pieces';
import { saidProblem } from './rejected-csv';
import classes from './rejected-table.module.css';

const ROW_PIXELS = 45;

/** `count` of `rows`, which grows in place. */
export const RejectedTable: FC<{ rows: readonly RejectedRow[]; count: number }> = ({ rows, count }) => {
  const { t } = useTranslation('clients');
  const format = useFormat();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();
  const above = shown[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, too
    <section ref={frame} className={classes.frame} aria-label={t('import.rejected')} tabIndex={0}>
      <Table stickyHeader miw={560} layout="fixed" aria-rowcount={count + 1}>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th scope="col" w={90}>
              {t('import.line')}
            </Table.Th>
            <Table.Th scope="col">{t('import.row')}</Table.Th>
            <Table.Th scope="col">{t('import.reason')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Gap height={above} />
          {shown.map(({ index, key }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <Table.Tr key={key} data-index={index} ref={virtual.measureElement} aria-rowindex={index + 2}>
                <Table.Td className="figures">{format.number(row.line)}</Table.Td>
                <Table.Td className="said">{row.fields.join(' · ')}</Table.Td>
                <Table.Td className="said">{row.problems.map(saidProblem).join('\n')}</Table.Td>
              </Table.Tr>
            );
          })}
          <Gap height={below} />
        </Table.Tbody>
      </Table>
    </section>
  );
};

/** In place of the rows that nobody sees. */
const Gap: FC<{ height: number }> = ({ height }) =>
  height > 0 && (
    <tr>
      <td colSpan={3} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
