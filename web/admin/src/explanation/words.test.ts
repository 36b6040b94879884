import i18next from 'i18next';
import { expect, it } from 'vitest';

import type { ExplanationCause } from '../api/documents';
import { causeText, mismatches } from './words';

const t = i18next.getFixedT('en', 'explanation');
const text = 'In the words of the API.';

it('says why', () => {
  expect(causeText({ outcome: 'WILL_BE_SENT', cause: 'PAUSED', text }, t)).toBe(
    'The mailing is paused, until somebody resumes it.',
  );
});

it('says of an end that comes too soon what would help', () => {
  expect(causeText({ outcome: 'NOT_SENT', cause: 'MAILING_ENDED', text }, t)).toBe("The mailing's end came first.");
  expect(causeText({ outcome: 'WILL_NOT_BE_SENT', cause: 'MAILING_ENDED', text }, t)).toContain('A later end');
});

it('leaves the word to the API where a cause is newer than the page', () => {
  expect(causeText({ outcome: 'NOT_SENT', cause: 'ECLIPSE' as ExplanationCause, text }, t)).toBe(text);
});

it('names what of the client does not fit', () => {
  const filter = { operatorCodes: ['1', '2', '3', '4', '5', '6'], tags: ['vip', ''] };

  expect(mismatches({ filter, operatorCode: '9', tag: 'promo' }, t)).toEqual([
    'It was for the operator codes 1, 2, 3, 4, 5, …; the client has 9.',
    'It was for the tags vip, no tag; the client has promo.',
  ]);
  expect(mismatches({ filter, operatorCode: '6', tag: '' }, t)).toEqual([]);
});
