import { expect, it } from 'vitest';

import { pathOf } from './reference-link';

it.each([
  ['client_42', '/clients/client_42'],
  ['mailing_7', '/mailings/mailing_7'],
  ['message_1001', '/messages/message_1001'],
])('%s is at %s', (id, path) => {
  expect(pathOf(id)).toBe(path);
});
