import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { MailingFilters } from './mailing-filters';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('looks for what was typed once the typing rests, or at once when the field is left', () => {
  const change = vi.fn();
  render(
    <MantineProvider env="test">
      <MailingFilters filter={{ statuses: [], search: '' }} onChange={change} />
    </MantineProvider>,
  );
  const field = screen.getByRole('searchbox');

  fireEvent.change(field, { target: { value: 'sale' } });
  expect(change).not.toHaveBeenCalled();
  fireEvent.blur(field);
  expect(change.mock.calls).toEqual([[{ search: 'sale' }]]);

  // Nothing of it comes later: by then another page may be there.
  vi.advanceTimersByTime(1_000);
  expect(change).toHaveBeenCalledTimes(1);
});
