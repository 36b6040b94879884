import { expect, it } from 'vitest';

import { countsOf, groupsOf, groupVariables } from './groups';

it('counts a group in the shape of a mailing, with nought for what is not told', () => {
  const group = {
    value: 'vip',
    total: 5,
    byStatus: [{ status: 'SENT', count: 3 } as const, { status: 'PENDING', count: 2 } as const],
  };

  expect(countsOf(group)).toEqual({
    total: 5,
    pending: 2,
    sending: 0,
    sent: 3,
    failed: 0,
    expired: 0,
    unconfirmed: 0,
    cancelled: 0,
  });
});

it('asks for the groups of one property alone, and finds these', () => {
  const byTag = [{ value: 'vip', total: 0, byStatus: [] }];

  expect(groupVariables('tag')).toEqual({ byOperatorCode: false, byTag: true, byTimezone: false });
  expect(groupsOf({ byTag }, 'tag')).toBe(byTag);
});
