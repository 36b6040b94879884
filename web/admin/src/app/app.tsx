/** Everything that surrounds the pages. */

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { FC } from 'react';
import { BrowserRouter } from 'react-router';
import { Provider } from 'urql';

import { client } from '../api/client';
import { Pages } from './pages';
import { Shell } from './shell';
import { theme, variables } from './theme';
import { ViewerGate } from './viewer';

/** The policy of the page lets only style elements through that have it: Mantine writes some. */
const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
// Dialogs lock the page behind them by a style of a library that looks for the nonce here (get-nonce).
Object.assign(globalThis, { __webpack_nonce__: styleNonce });

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
