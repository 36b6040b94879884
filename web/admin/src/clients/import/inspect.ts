import type { Format } from './format';
import { type FileRow, rowsOf } from './rows';

/** What is known of a file before it is imported. */
export interface Inspection {
  readonly format: Format;
  /** The first rows; the first of all may name the columns. */
  readonly first: readonly FileRow[];
  /** How many rows there are, the first included. */
  readonly rows: number;
}

const FIRST = 6;

/** Reads the file to its end, so that nobody has to wait for an unknown time later. */
export async function inspect(file: Blob, format: Format): Promise<Inspection> {
  const first: FileRow[] = [];
  let count = 0;
  for await (const rows of rowsOf(file, format)) {
    first.push(...rows.slice(0, FIRST - first.length));
    count += rows.length;
  }
  return { format, first, rows: count };
}
