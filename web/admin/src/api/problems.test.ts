import { expect, it } from 'vitest';

import { fieldErrors } from './problems';

it('puts each problem beside the nearest field of the form', () => {
  const problems = [
    { path: ['text'], message: 'must not be blank' },
    { path: ['filter', 'tags', '0'], message: 'must be at most 100 characters; given: 101' },
    { path: ['window', 'opensAt'], message: 'must be a time' },
    { path: ['unheardOf'], message: 'is not known' },
  ];

  expect(fieldErrors(problems, ['text', 'filter.tags', 'window'])).toEqual({
    text: 'Must not be blank.',
    'filter.tags': 'Must be at most 100 characters; given: 101.',
    window: 'Must be a time.',
    '': 'Is not known.',
  });
});

it('says everything that is wrong with one field', () => {
  const problems = [
    { path: ['tag'], message: 'is too long' },
    { path: ['tag'], message: 'holds a line break' },
  ];

  expect(fieldErrors(problems, ['tag'])).toEqual({ tag: 'Is too long. Holds a line break.' });
});
