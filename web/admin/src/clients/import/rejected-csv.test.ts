import { expect, it } from 'vitest';

import type { Source } from './import-run';
import { rejectedCsv } from './rejected-csv';

it('has the rows as they were, with their lines and what is wrong', () => {
  const source: Source = {
    file: new File([], 'x.csv'),
    format: { encoding: 'windows-1251', separator: ';' },
    mapping: { places: { phone: 0, timezone: 1, operator_code: null, tag: null }, timezone: null, hasHeader: true },
    width: 2,
    rows: 2,
    header: ['Телефон', 'Пояс'],
  };
  const phone = { column: 'phone', value: '12', message: '', code: 'NOT_A_PHONE', limit: null } as const;
  const count = { column: null, value: null, message: '', code: 'WRONG_FIELD_COUNT', limit: 2 } as const;

  const csv = rejectedCsv(
    [
      { line: 3, fields: ['12', 'a;b'], problems: [phone] },
      { line: 9, fields: ['1'], problems: [count] },
    ],
    source,
    { line: 'Line', reason: 'Reason' },
  );

  expect(csv.split('\r\n')).toEqual([
    '\ufeffТелефон;Пояс;Line;Reason',
    '12;"a;b";3;Phone: A phone number is 7 and ten more digits, such as 79161234567.',
    '1;;9;The header has 2 columns, this row has more or fewer.',
  ]);
});
