import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { Client, Provider } from 'urql';
import { describe, expect, it, vi } from 'vitest';
import { never } from 'wonka';

import { ClientForm, type ClientValues, type Refusal } from './client-form';

const EMPTY: ClientValues = { phone: '', operatorCode: '', tag: '', timezone: '' };
const FILLED: ClientValues = { phone: '79161234567', operatorCode: '916', tag: 'vip', timezone: 'Asia/Omsk' };

function show(onSend: (values: ClientValues) => Promise<Refusal | null>, initial = FILLED) {
  const nobody = new Client({ url: '/graphql', exchanges: [() => () => never], preferGetMethod: false });
  render(
    <MantineProvider>
      <Provider value={nobody}>
        <MemoryRouter>
          <ClientForm initial={initial} action="Send" back="/clients" hasDefaultCode onSend={onSend} />
        </MemoryRouter>
      </Provider>
    </MantineProvider>,
  );
}

const send = () => userEvent.click(screen.getByRole('button', { name: 'Send' }));

describe('ClientForm', () => {
  it('shows the operator code that the phone would have', async () => {
    show(async () => null, EMPTY);

    await userEvent.click(screen.getByLabelText(/Phone/));
    await userEvent.paste('8 916 123-45-67');

    expect(screen.getByLabelText(/Operator code/).getAttribute('placeholder')).toBe('916');
  });

  it('puts what is wrong beside its field, and says of an empty one that it is empty', async () => {
    const problems = [
      { path: ['phone'], message: 'must be …', code: 'NOT_A_PHONE' },
      { path: ['timezone'], message: 'must be …', code: 'NOT_A_TIME_ZONE' },
    ];
    show(async () => ({ problems }), { ...FILLED, timezone: '' });

    await send();

    const said = screen.getByText(/A phone number is 7/);
    expect(screen.getByLabelText(/Phone/).getAttribute('aria-describedby')).toContain(said.id);
    expect(screen.getByText('This cannot be left out.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText(/Phone/));
  });

  it('leads to the client who has the phone', async () => {
    show(async () => ({ phoneOf: 'client_42' }));

    await send();

    expect(screen.getByRole('link', { name: 'client_42' }).getAttribute('href')).toBe('/clients/client_42');
  });

  it('keeps what was typed when nobody answers', async () => {
    const onSend = vi.fn(async () => ({ failure: 'Nobody answers.' }));
    show(onSend);

    await send();

    expect((await screen.findByRole('alert')).textContent).toContain('Nobody answers.');
    expect(onSend).toHaveBeenCalledWith(FILLED);
    expect((screen.getByLabelText(/Tag/) as HTMLInputElement).value).toBe('vip');
  });
});
