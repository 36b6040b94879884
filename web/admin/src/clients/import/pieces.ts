/** Cuts a file into the pieces that `importClients` takes. */

import Papa from 'papaparse';

import type { InputProblemCode } from '../../api/documents';
import { type Mapping, sentColumns, sentValue } from './columns';
import type { FileRow } from './rows';

/** Less than the API takes, so that progress is seen and a pause comes soon. */
export const PIECE_ROWS = 1_000;
/** Half of what the API takes: also a request of characters that JSON writes with six is not too large then. */
export const PIECE_CHARACTERS = 150_000;

export interface RowProblem {
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
  readonly code: InputProblemCode;
  readonly limit: number | null;
}

/** A row that was not taken, as it stands in the file. */
export interface RejectedRow {
  readonly line: number;
  readonly fields: readonly string[];
  readonly problems: readonly RowProblem[];
}

export interface Piece {
  /** The header and the rows that the API can be asked about; `''` if there are none. */
  readonly csv: string;
  /** The row that starts on a line of `csv`. */
  readonly rowAt: ReadonlyMap<number, FileRow>;
  /** Rows that cannot be told apart into values. */
  readonly rejected: readonly RejectedRow[];
}

/** Collects rows until they are a piece. */
export class PieceMaker {
  private readonly header: string;
  private csv = '';
  private line = 0;
  private rowAt = new Map<number, FileRow>();
  private rejected: RejectedRow[] = [];

  constructor(
    private readonly mapping: Mapping,
    private readonly width: number,
  ) {
    this.header = sentColumns(mapping).join(',');
    this.begin();
  }

  /** The piece that is full, if this row does not fit into it any more. */
  add(row: FileRow): Piece | null {
    const problem = this.problemOf(row);
    const written = problem ? '' : this.written(row);
    const isFull =
      this.rowAt.size + this.rejected.length >= PIECE_ROWS || this.csv.length + written.length > PIECE_CHARACTERS;
    const full = isFull ? this.take() : null;
    if (problem) this.rejected.push({ line: row.line, fields: row.fields, problems: [problem] });
    else {
      this.rowAt.set(this.line, row);
      this.csv += written;
      this.line += written.split(/\r\n|\r|\n/).length - 1;
    }
    return full;
  }

  /** What was collected; null if nothing was. */
  take(): Piece | null {
    if (this.rowAt.size + this.rejected.length === 0) return null;
    const piece = { csv: this.rowAt.size > 0 ? this.csv : '', rowAt: this.rowAt, rejected: this.rejected };
    this.begin();
    return piece;
  }

  private begin(): void {
    this.csv = `${this.header}\n`;
    this.line = 2;
    this.rowAt = new Map();
    this.rejected = [];
  }

  private written({ fields }: FileRow): string {
    const values = sentColumns(this.mapping).map((column) => sentValue(column, fields, this.mapping));
    return `${Papa.unparse([values], { newline: '\n' })}\n`;
  }

  private problemOf({ fields, fault }: FileRow): RowProblem | null {
    if (fault) return wrong(fault, `the row is not CSV (${fault})`);
    if (fields.length !== this.width) {
      return wrong('WRONG_FIELD_COUNT', `has ${fields.length} fields where the header has ${this.width}`, this.width);
    }
    return null;
  }
}

function wrong(code: InputProblemCode, message: string, limit: number | null = null): RowProblem {
  return { column: null, value: null, message, code, limit };
}
