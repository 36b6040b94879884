import { expect, it } from 'vitest';

import { choiceOf, withChoice } from './choice';

it('keeps a choice in the address, and begins its list at the start', () => {
  const choice = { search: '916 123', operatorCodes: ['916', '903'], tags: ['', 'a,b'] };

  const address = withChoice(new URLSearchParams('after=xyz&code=1&other=2'), choice);

  expect(address.toString()).toBe('other=2&search=916+123&code=916&code=903&tag=&tag=a%2Cb');
  expect(choiceOf(address)).toEqual(choice);
});
