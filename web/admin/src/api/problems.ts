/** What is wrong with an input, in the viewer's language, beside the fields that it concerns. */

import type { CombinedError } from '@urql/core';
import i18next from 'i18next';

import type { english } from '../i18n/english';

export interface InputProblem {
  readonly path: readonly string[];
  /** In English. */
  readonly message: string;
  /** The rule that it breaks; others may be added to those that there are texts for. */
  readonly code?: string | null;
  /** The most that the rule allows. */
  readonly limit?: number | null;
}

/**
 * The errors of a form whose fields are called as the input's. What concerns a part of a field ("filter.tags.0") stands
 * at the nearest field that the form has; what concerns none stands at `''`.
 */
export function fieldErrors(
  problems: readonly InputProblem[],
  fields: readonly string[],
  say: (problem: InputProblem) => string = sayProblem,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const problem of problems) {
    const field = nearest(problem.path, fields);
    const text = say(problem);
    errors[field] = errors[field] ? `${errors[field]} ${text}` : text;
  }
  return errors;
}

/** A problem as a sentence for people; the API's own, which is English, for a rule that is newer than this page. */
export function sayProblem({ message, code, limit }: Omit<InputProblem, 'path'>): string {
  const rule = code as Rule;
  // The texts of some rules depend on the number: i18next finds those by `count` alone.
  const values = { count: limit ?? 0, ns: 'problems' } as const;
  return code && i18next.exists(rule, values) ? i18next.t(rule, values) : sentence(message);
}

/** What is wrong with the arguments of a query: that comes with its error. */
export function problemsOf(error: CombinedError): readonly InputProblem[] {
  return error.graphQLErrors.flatMap(({ extensions }) => (extensions.problems ?? []) as InputProblem[]);
}

type Rule = keyof typeof english.problems extends infer Key
  ? Key extends `${infer Name}_${'one' | 'other'}`
    ? Name
    : Key
  : never;

function nearest(path: readonly string[], fields: readonly string[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.');
    if (fields.includes(name)) return name;
  }
  return '';
}

/** "must not be blank" → "Must not be blank." */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
