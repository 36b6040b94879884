/** What is wrong with an input, beside the fields that it concerns. */

export interface InputProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * The errors of a form whose fields are called as the input's. What concerns a part of a field ("filter.tags.0") stands
 * at the nearest field that the form has; what concerns none stands at `''`.
 */
export function fieldErrors(
  problems: readonly InputProblem[],
  fields: readonly string[],
  say: (problem: InputProblem) => string = ({ message }) => message,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const problem of problems) {
    const field = nearest(problem.path, fields);
    const text = sentence(say(problem));
    errors[field] = errors[field] ? `${errors[field]} ${text}` : text;
  }
  return errors;
}

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
