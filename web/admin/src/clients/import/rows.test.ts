import { describe, expect, it } from 'vitest';

import { type FileRow, LONGEST_ROW, RowReader, rowsOf } from './rows';

function read(...parts: string[]): FileRow[] {
  const reader = new RowReader(',');
  return [...parts.flatMap((part) => reader.push(part)), ...reader.end()];
}

const sound = (line: number, ...fields: string[]): FileRow => ({ line, fields, fault: null });

describe('RowReader', () => {
  it('counts the lines of the file, not the rows', () => {
    expect(read('a,b\n\n"1\n2",x\r\n , \r3,4')).toEqual([
      sound(1, 'a', 'b'),
      sound(3, '1\n2', 'x'),
      sound(6, '3', '4'),
    ]);
  });

  it('finds the same rows wherever the parts are cut', () => {
    const text = 'a,b\r\n"1 ""x""\r\n2",y\r\n\r\n3,4\r';
    const whole = read(text);

    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(read(text.slice(0, cut), text.slice(cut)), `cut at ${cut}`).toEqual(whole);
    }
    expect(whole).toEqual([sound(1, 'a', 'b'), sound(2, '1 "x"\n2', 'y'), sound(5, '3', '4')]);
  });

  it('loses one line alone to a quote that nothing ends', () => {
    expect(read('a,b\n"1,2\n3,4\n5,6')).toEqual([
      sound(1, 'a', 'b'),
      { line: 2, fields: ['"1,2'], fault: 'UNCLOSED_QUOTE' },
      sound(3, '3', '4'),
      sound(4, '5', '6'),
    ]);
  });

  it('loses one line alone to a quote in the wrong place', () => {
    expect(read('"a" b,c\n"1","2"\n')).toEqual([
      { line: 1, fields: ['"a" b,c'], fault: 'NOT_CSV' },
      sound(2, '1', '2'),
    ]);
  });

  it('gives up a quote before it holds the whole file', () => {
    const reader = new RowReader(',');
    const line = `${'x'.repeat(99)}\n`;

    const rows = reader.push(`"${line.repeat(LONGEST_ROW / 100 + 1)}`);

    expect(rows[0]).toEqual({ line: 1, fields: [`"${'x'.repeat(99)}`], fault: 'UNCLOSED_QUOTE' });
    expect(rows).toHaveLength(LONGEST_ROW / 100 + 1);
  });
});

it('reads a file of another encoding, letters that parts of it cut in two included', async () => {
  const file = new Blob([new Uint8Array([0xd2, 0xe5, 0xe3, 0x3b, 0x31, 0x0a])]);
  const rows: FileRow[] = [];

  for await (const some of rowsOf(file, { encoding: 'windows-1251', separator: ';' })) rows.push(...some);

  expect(rows).toEqual([sound(1, 'Тег', '1')]);
});
