/** The page: GraphiQL for the API of the server that the page came from. */

// All that 'graphiql/style.css' has but for Monaco's styles, which come with Monaco.
import '@graphiql/react/font/fira-code.css';
import '@graphiql/react/font/roboto.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './graphiql.css';
import './workers';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Playground } from './playground';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Playground />
  </StrictMode>,
);
