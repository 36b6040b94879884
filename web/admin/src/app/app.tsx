/** Everything that surrounds the pages. */

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { FC } from 'react';
import { BrowserRouter } from 'react-router';
import { Provider } from 'urql';

import { client } from '../api/client';
import { Pages } from './pages';
import { Shell } from './shell';
import { styleNonce } from './style-nonce';
import { theme, variables } from './theme';
import { ViewerGate } from './viewer';

export const App: FC = () => (
  <MantineProvider
    theme={theme}
    defaultColorScheme="auto"
    cssVariablesResolver={variables}
    getStyleNonce={() => styleNonce}
  >
    <Notifications position="bottom-right" />
    <Provider value={client}>
      <BrowserRouter>
        <ViewerGate>
          <Shell>
            <Pages />
          </Shell>
        </ViewerGate>
      </BrowserRouter>
    </Provider>
  </MantineProvider>
);
