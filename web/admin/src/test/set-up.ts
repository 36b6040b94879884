/** Before each test file: texts in English, and what Mantine asks of a browser that happy-dom has not. */

import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

import { startTranslation } from '../i18n/start';

localStorage.setItem('mailing.language', 'en');
await startTranslation();
afterEach(cleanup);
