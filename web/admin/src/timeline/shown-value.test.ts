import i18next from 'i18next';
import { expect, it } from 'vitest';

import { formatFor } from '../ui/format';
import { shownValue } from './shown-value';

const t = i18next.getFixedT('en', 'timeline');

it.each([
  ['filter.tags', '["vip", ""]', 'vip, no tag'],
  ['filter.operatorCodes', '[]', 'any'],
  ['window.opensAt', null, 'at any hour'],
  ['window.opensAt', '09:00', '09:00'],
  ['maxRate', '1', '1 message a second'],
  ['maxRate', '1500', '1,500 messages a second'],
  ['maxRate', null, 'no limit'],
  ['tag', '', 'no tag'],
  ['phone', null, 'no longer kept'],
  ['text', 'Hello', 'Hello'],
  ['somethingNew', null, 'none'],
])('%s %s is read as "%s"', (field, value, read) => {
  expect(shownValue(field, value, formatFor('en'), t)).toBe(read);
});

it("tells moments by the viewer's clock", () => {
  const format = formatFor('en');

  expect(shownValue('endsAt', '2030-01-31T06:00:00Z', format, t)).toBe(format.moment('2030-01-31T06:00:00Z'));
});
