import i18next from 'i18next';
import { expect, it } from 'vitest';

import { reasonText } from './reason';

const t = i18next.getFixedT('en', 'messages');

it.each([
  ['timeout', 'No answer in time'],
  ['code 17', "The provider's code 17"],
  ['tries used up: connection refused', 'All tries used up, at last: The connection was refused'],
  ['tries used up', 'All tries used up'],
  ['HTTP 400', 'The provider refused it (HTTP 400)'],
  ['HTTP 429', 'The provider answered HTTP 429'],
  ['HTTP 500', 'The provider answered HTTP 500'],
  ['something new', 'something new'],
  ['toString', 'toString'],
])('%s is told as "%s"', (reason, told) => {
  expect(reasonText(reason, t)).toBe(told);
});
