import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { expect, it } from 'vitest';

import type { Role } from '../api/documents';
import { ViewerForTests } from '../app/viewer';
import { FirstSteps } from './first-steps';

function show(role: Role, hasClients: boolean): void {
  const viewer = { name: 'Ada', role, session: null, signInUrl: null } as const;
  render(
    <MantineProvider>
      <ViewerForTests value={viewer}>
        <MemoryRouter>
          <FirstSteps hasClients={hasClients} hasMailings={false} />
        </MemoryRouter>
      </ViewerForTests>
    </MantineProvider>,
  );
}

function links(): object {
  return Object.fromEntries(screen.queryAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')]));
}

it('leads from nothing to clients and to a mailing', () => {
  show('OPERATOR', false);

  expect(links()).toEqual({
    'Import clients': '/clients/import',
    'Add one client': '/clients/new',
    'New mailing': '/mailings/new',
  });
});

it('says what is done already', () => {
  show('OPERATOR', true);

  expect(screen.getByText('Bring in your clients – done')).toBeDefined();
  expect(links()).toEqual({ 'New mailing': '/mailings/new' });
});

it('shows a viewer nothing that only operators may do', () => {
  show('VIEWER', false);

  expect(screen.getByText(/An operator can take these steps/)).toBeDefined();
  expect(links()).toEqual({});
});
