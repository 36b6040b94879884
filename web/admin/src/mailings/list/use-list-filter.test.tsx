import { act, renderHook } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router';
import { expect, it } from 'vitest';

import { filterIn, useListFilter } from './use-list-filter';

it('leaves out of an address what is no status', () => {
  expect(filterIn(new URLSearchParams('status=PAUSED&status=NOISY&status=RUNNING&search=sale'))).toEqual({
    statuses: ['RUNNING', 'PAUSED'],
    search: 'sale',
  });
});

it('keeps the filter in the address and begins at the first page', () => {
  const { result } = renderHook(() => ({ filter: useListFilter(), address: useLocation() }), {
    wrapper: ({ children }) => (
      <MemoryRouter initialEntries={['/mailings?status=RUNNING&before=xyz']}>{children}</MemoryRouter>
    ),
  });
  const change = result.current.filter[1];

  act(() => change({ search: 'sale' }));
  expect(result.current.address.search).toBe('?status=RUNNING&search=sale');

  act(() => result.current.filter[1]({ statuses: [], search: ' ' }));
  expect(result.current.address.search).toBe('');
});
