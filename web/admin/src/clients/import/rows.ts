/** Reads a file of CSV row by row: what is held at any moment does not grow with the file. */

import Papa from 'papaparse';

import type { Format } from './format';

export interface FileRow {
  /** Of the file, on which the row starts, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Which rule of CSV it breaks; `fields` then has the line as it stands. */
  readonly fault: 'NOT_CSV' | 'UNCLOSED_QUOTE' | null;
}

/** No row of clients is longer. Where a value begins with a quote and none ends it, the search goes so far. */
export const LONGEST_ROW = 100_000;

/** The rows of a file, as many at a time as come in one part of it. Rows without any value are none. */
export async function* rowsOf(file: Blob, format: Format): AsyncGenerator<readonly FileRow[]> {
  const rows = new RowReader(format.separator);
  const decoder = new TextDecoder(format.encoding);
  const reader = file.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield rows.push(decoder.decode(next.value, { stream: true }));
    }
    yield rows.end(decoder.decode());
  } finally {
    await reader.cancel();
  }
}

/** Cuts text that comes in parts into rows. */
export class RowReader {
  private rest = '';
  private line = 1;

  constructor(private readonly separator: string) {}

  /** The rows that are whole by now. */
  push(text: string): readonly FileRow[] {
    // The other half of a line's end may stand at the beginning of the next part.
    const held = this.rest.endsWith('\r') ? this.rest.slice(0, -1) : this.rest;
    const added = this.rest.endsWith('\r') ? `\r${text}` : text;
    const isHalf = added.endsWith('\r');
    this.rest = held + (isHalf ? added.slice(0, -1) : added).replaceAll(/\r\n?/g, '\n');
    const rows = this.take(false);
    if (isHalf) this.rest += '\r';
    return rows;
  }

  /** The rows that are left, now that nothing follows. */
  end(text = ''): readonly FileRow[] {
    const before = this.push(text);
    this.rest = this.rest.replaceAll('\r', '\n');
    return [...before, ...this.take(true)];
  }

  /** After a faulty row it goes on with the next line, so that one quote too many costs no more than its own line. */
  private take(isEnd: boolean): FileRow[] {
    const rows: FileRow[] = [];
    for (;;) {
      const fault = this.takeSound(rows, isEnd);
      if (fault) this.takeLine(rows, fault);
      else if (!isEnd && this.rest.length > LONGEST_ROW && this.rest.includes('\n')) {
        this.takeLine(rows, 'UNCLOSED_QUOTE');
      } else return rows;
    }
  }

  /** Takes rows up to the first that is faulty, and says what is wrong with that. */
  private takeSound(rows: FileRow[], isEnd: boolean): FileRow['fault'] {
    let fault: FileRow['fault'] = null;
    let taken = 0;
    const parser = new Papa.Parser({
      delimiter: this.separator,
      newline: '\n',
      step: ({ data, errors, meta }: Papa.ParseStepResult<string[][]>) => {
        const [error] = errors;
        if (error) {
          fault = error.code === 'MissingQuotes' ? 'UNCLOSED_QUOTE' : 'NOT_CSV';
          parser.abort();
          return;
        }
        const fields = data[0] ?? [];
        if (fields.some((field) => field.trim() !== '')) rows.push({ line: this.line, fields, fault: null });
        this.line += lineEnds(this.rest, taken, meta.cursor);
        taken = meta.cursor;
      },
    });
    parser.parse(this.rest, 0, !isEnd);
    this.rest = this.rest.slice(taken);
    return fault;
  }

  private takeLine(rows: FileRow[], fault: FileRow['fault']): void {
    const end = this.rest.indexOf('\n');
    const text = end === -1 ? this.rest : this.rest.slice(0, end);
    rows.push({ line: this.line, fields: [text], fault });
    this.rest = end === -1 ? '' : this.rest.slice(end + 1);
    this.line += 1;
  }
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
