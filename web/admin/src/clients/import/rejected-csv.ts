/** The rows that were not taken, to be put right and imported again. */

import i18next from 'i18next';
import Papa from 'papaparse';

import { sayProblem } from '../../api/problems';
import { COLUMNS, FIELD_NAMES } from './columns';
import type { Source } from './import-run';
import type { RejectedRow, RowProblem } from './pieces';

export interface Words {
  readonly line: string;
  readonly reason: string;
}

/**
 * The file's own columns as they were, then the line and what is wrong. Begins with a mark by which spreadsheets know
 * UTF-8. Nothing is done against formulas: what stands there came from the person's own file, and has to go back.
 */
export function rejectedCsv(rejected: readonly RejectedRow[], { header, width, format }: Source, words: Words): string {
  const names = Array.from({ length: width }, (_, place) => header[place] ?? '');
  const rows = rejected.map(({ line, fields, problems }) => [
    ...Array.from({ length: Math.max(width, fields.length) }, (_, place) => fields[place] ?? ''),
    line,
    problems.map(saidProblem).join(' '),
  ]);
  return `\ufeff${Papa.unparse([[...names, words.line, words.reason], ...rows], { delimiter: format.separator })}`;
}

/** "Phone: A phone number is …" */
export function saidProblem(problem: RowProblem): string {
  const said = sayProblem(problem);
  const column = COLUMNS.find((name) => name === problem.column);
  return column ? `${i18next.t(`fields.${FIELD_NAMES[column]}`, { ns: 'clients' })}: ${said}` : said;
}
