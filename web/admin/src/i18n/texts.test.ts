import { describe, expect, it } from 'vitest';

import { english } from './english';
import { russian } from './russian';

const PLURAL = /_(zero|one|two|few|many|other)$/;

function keysOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [`${prefix}${key}`] : keysOf(text, `${prefix}${key}.`),
  );
}

function textAt(texts: object, path: string): string {
  return path.split('.').reduce((inner, key) => inner[key as never], texts) as unknown as string;
}

/** What the text of a key is called, whatever the number: English has two forms, Russian four. */
function meanings(texts: object): string[] {
  return [...new Set(keysOf(texts).map((key) => key.replace(PLURAL, '#')))].sort();
}

function variables(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)/g)].map(([, name = '']) => name).sort();
}

describe.each(Object.keys(english) as (keyof typeof english)[])('%s', (namespace) => {
  it('says the same things in both languages', () => {
    expect(meanings(russian[namespace])).toEqual(meanings(english[namespace]));
  });

  it('has every form that a number can ask for', () => {
    const russianForms = ['one', 'few', 'many', 'other'];
    const keys = new Set(keysOf(russian[namespace]));
    const plurals = [...keys].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ''));
    for (const plural of plurals) {
      expect(
        russianForms.filter((form) => !keys.has(`${plural}_${form}`)),
        plural,
      ).toEqual([]);
    }
  });

  it('fills in the same values in both languages', () => {
    const keys = new Set(keysOf(english[namespace]));
    for (const key of keysOf(russian[namespace])) {
      const same = keys.has(key) ? key : key.replace(PLURAL, '_other');
      expect(variables(textAt(russian[namespace], key)), key).toEqual(variables(textAt(english[namespace], same)));
    }
  });
});
