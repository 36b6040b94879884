import { describe, expect, it } from 'vitest';

import { partsWithout, reckon } from './sms';

describe('reckon', () => {
  it.each([
    ['nothing', '', 'GSM-7', 0, 160],
    ['160 Latin letters', 'a'.repeat(160), 'GSM-7', 1, 0],
    ['161 Latin letters', 'a'.repeat(161), 'GSM-7', 2, 145],
    ['306 Latin letters', 'a'.repeat(306), 'GSM-7', 2, 0],
    ['307 Latin letters', 'a'.repeat(307), 'GSM-7', 3, 152],
    ['80 euros, each with an escape', '€'.repeat(80), 'GSM-7', 1, 0],
    ['81 euros, of which none is cut in two', '€'.repeat(81), 'GSM-7', 2, 143],
    ['Greek capitals and line breaks of the 7-bit alphabet', 'ΔΩ\n', 'GSM-7', 1, 157],
    ['70 Cyrillic letters', 'я'.repeat(70), 'UCS-2', 1, 0],
    ['71 Cyrillic letters', 'я'.repeat(71), 'UCS-2', 2, 63],
    ['135 Cyrillic letters', 'я'.repeat(135), 'UCS-2', 3, 66],
    ['35 pictures of two units each', '😀'.repeat(35), 'UCS-2', 1, 0],
    ['36 pictures, of which none is cut in two', '😀'.repeat(36), 'UCS-2', 2, 61],
  ])('of %s', (_, text, encoding, parts, room) => {
    expect(reckon(text)).toMatchObject({ encoding, parts, room });
  });

  it('names each character once that made it UCS-2', () => {
    expect(reckon('Sale — 50% — “now”').foreign).toEqual(['—', '“', '”']);
  });
});

it('tells what it would be without the foreign characters', () => {
  const text = `${'a'.repeat(99)}—`;

  expect(reckon(text).parts).toBe(2);
  expect(partsWithout(text, ['—'])).toBe(1);
});
