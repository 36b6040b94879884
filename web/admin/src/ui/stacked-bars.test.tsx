import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { FC } from 'react';
import { expect, it, vi } from 'vitest';

import { StackedBars } from './stacked-bars';

// No layout is reckoned here, so nothing has a size.
vi.mock('@mantine/hooks', async (original) => ({
  ...(await original<object>()),
  useElementSize: () => ({ ref: () => {}, width: 640, height: 220 }),
}));

const DAYS = [
  { key: '20', tick: '20', name: 'November 20', values: { sent: 1_200, failed: 0 } },
  { key: '21', tick: '21', name: 'November 21', values: { sent: 300, failed: 7 } },
  { key: '22', tick: '22', name: 'November 22', values: {} },
];
const SERIES = [
  { key: 'sent', name: 'Sent', colour: 'teal' },
  { key: 'failed', name: 'Failed', colour: 'red' },
];

const Chart: FC = () => (
  <MantineProvider>
    <StackedBars caption="Messages by day" stepName="Day" steps={DAYS} series={SERIES} />
  </MantineProvider>
);

it('says the figures of all together, and of the bar that the arrow keys choose', async () => {
  render(<Chart />);
  expect(screen.getByText('In all').parentElement?.textContent).toBe('In allSent 1,500Failed 7');

  await userEvent.tab();
  const slider = screen.getByRole('slider', { name: 'Messages by day' });
  expect(document.activeElement).toBe(slider);
  expect(slider.getAttribute('aria-valuetext')).toBe('November 22: none');

  await userEvent.keyboard('{ArrowLeft}');
  expect(slider.getAttribute('aria-valuetext')).toBe('November 21: Sent 300, Failed 7');
  expect(screen.getByText('November 21').parentElement?.textContent).toBe('November 21Sent 300Failed 7');

  await userEvent.keyboard('{Home}{ArrowLeft}');
  expect(slider.getAttribute('aria-valuetext')).toBe('November 20: Sent 1,200');

  await userEvent.keyboard('{Escape}');
  expect(screen.getByText('In all')).toBeDefined();
});

it('has the same figures as a table, the newest first', async () => {
  render(<Chart />);

  await userEvent.click(screen.getByText('Figures as a table'));

  const rows = (await screen.findAllByRole('row')).map((row) => [...row.children].map((cell) => cell.textContent));
  expect(rows).toEqual([
    ['Day', 'Sent', 'Failed'],
    ['November 22', '0', '0'],
    ['November 21', '300', '7'],
    ['November 20', '1,200', '0'],
  ]);
});
