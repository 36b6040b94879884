/** The admin UI of the service that the page came from. */

import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/page.css';

import { createRoot } from 'react-dom/client';

import { App } from './app/app';
import { startTranslation } from './i18n/start';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
await startTranslation();
createRoot(root).render(<App />);
