import { describe, expect, it } from 'vitest';

import { formatOf, separatorOf } from './format';

const bytes = (...values: number[]) => new Blob([new Uint8Array(values)]);

describe('formatOf', () => {
  it('takes what can be UTF-8 for that', async () => {
    expect(await formatOf(new Blob(['phone,tag\n79161234567,друзья\n']))).toEqual({
      encoding: 'utf-8',
      separator: ',',
    });
  });

  it('takes what cannot for Windows-1251, however late that shows', async () => {
    const file = new Blob(['phone;tag\n', '79161234567;x\n'.repeat(10_000), new Uint8Array([0xe4, 0xf0, 0x0a])]);

    expect(await formatOf(file)).toEqual({ encoding: 'windows-1251', separator: ';' });
  });

  it('believes the mark that a file begins with', async () => {
    expect(await formatOf(bytes(0xff, 0xfe, 0x61, 0, 0x09, 0, 0x62, 0))).toEqual({
      encoding: 'utf-16le',
      separator: '\t',
    });
  });

  it.each([
    ['workbook', bytes(0x50, 0x4b, 0x03, 0x04, 0x14)],
    ['binary', bytes(0x61, 0, 0x62)],
    ['empty', new Blob(['\ufeff \n'])],
  ])('refuses what is no text: %s', async (kind, file) => {
    await expect(formatOf(file)).rejects.toMatchObject({ kind });
  });
});

it.each([
  ['phone,tag\n1,a;b\n', ','],
  ['phone;tag\n1;a,b\n', ';'],
  ['phone\ttag\n1\ta\n', '\t'],
  ['phone\n1\n', ','],
])('finds what separates the values of %j', (sample, separator) => {
  expect(separatorOf(sample)).toBe(separator);
});
