import { describe, expect, it } from 'vitest';

import { operatorCodeOf, phoneFrom, shownPhone } from './phone';

describe('phoneFrom', () => {
  it.each([
    ['79161234567', '79161234567'],
    [' +7 916 123-45-67 ', '79161234567'],
    ['8 (916) 123‑45‑67', '79161234567'],
    ['916.123.45.67', '79161234567'],
  ])('takes %s for %s', (written, phone) => {
    expect(phoneFrom(written)).toBe(phone);
  });

  it.each(['+8 916 123-45-67', '+916 123-45-67', '495 123-45-67', '7916123456', '7.91612E+10', 'call 79161234567', ''])(
    'leaves "%s" as it is, for nobody knows what is meant',
    (written) => {
      expect(phoneFrom(written)).toBe(written);
    },
  );
});

it('shows a phone in groups that stay together', () => {
  expect(shownPhone('79161234567')).toBe('+7\u00a0916\u00a0123\u201145\u201167');
  expect(shownPhone('7916')).toBe('7916');
});

it('knows the operator code of whole phones alone', () => {
  expect(operatorCodeOf('8 (916) 123-45-67')).toBe('916');
  expect(operatorCodeOf('7916')).toBe('');
});
