import { readFile } from 'node:fs/promises';

import i18next from 'i18next';
import { afterEach, describe, expect, it } from 'vitest';

import { choose } from '../i18n/start';
import { fieldErrors, sayProblem } from './problems';

afterEach(() => choose('en'));

describe('the errors of a form', () => {
  it('stand each beside the nearest field', () => {
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

  it('say everything that is wrong with one field', () => {
    const problems = [
      { path: ['tag'], message: 'is too long', code: 'TOO_LONG', limit: 100 },
      { path: ['tag'], message: 'holds a line break' },
    ];

    expect(fieldErrors(problems, ['tag'])).toEqual({ tag: 'At most 100 characters. Holds a line break.' });
  });
});

describe('a problem', () => {
  it('is told in the language of the page, with its number', async () => {
    await choose('ru');

    const told = [1, 3, 1_000].map((limit) => sayProblem({ message: 'too far', code: 'TOO_FAR_AHEAD', limit }));

    expect(told).toEqual([
      'Не дальше чем через 1 день.',
      'Не дальше чем через 3 дня.',
      'Не дальше чем через 1 000 дней.'.replace(' 000', '\u00a0000'),
    ]);
    expect(sayProblem({ message: 'must not be blank', code: 'BLANK', limit: null })).toBe(
      'Поле не должно быть пустым.',
    );
  });

  it('of a rule that is newer than the page is told as the API tells it', () => {
    expect(sayProblem({ message: 'must rhyme', code: 'DOES_NOT_RHYME', limit: null })).toBe('Must rhyme.');
  });

  it('has a text for each rule that the API knows', async () => {
    const schema = await readFile('../../schema.graphql', 'utf8');
    const [, rules = ''] = /enum InputProblemCode \{(.*?)\n\}/s.exec(schema) ?? [];
    const codes = [...rules.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, code = '']) => code);

    const untold = codes.filter((code) => !i18next.exists(code as never, { ns: 'problems', count: 2 }));

    expect(codes.length).toBeGreaterThan(20);
    expect(untold).toEqual([]);
  });
});
