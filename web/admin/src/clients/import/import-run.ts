/** An import that is under way. It goes on while people look at other pages, and waits while the API is away. */

import { Store } from '../../api/store';
import type { Mapping } from './columns';
import type { Format } from './format';
import { type Piece, PieceMaker, type RejectedRow, type RowProblem } from './pieces';
import { rowsOf } from './rows';

/** Of these `done`, `cancelled` and `broken`, where the file could not be read on, are the end. */
export type RunState = 'running' | 'waiting' | 'paused' | 'failed' | 'cancelled' | 'broken' | 'done';

export interface Progress {
  readonly state: RunState;
  /** Of the file, that were dealt with; the sum of the five that follow. */
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly superseded: number;
  readonly rejected: number;
  /** Whether a piece was sent again of which nobody knows whether it was taken: its new clients count as unchanged. */
  readonly wasRepeated: boolean;
  /** Why it failed, for people. */
  readonly failure: string | null;
}

export interface Taken {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly superseded: number;
  readonly rejected: number;
  readonly problems: readonly (RowProblem & { readonly line: number })[];
}

/** What came of a piece: it was taken, nobody answered, or somebody refused. */
export type Answer = { readonly taken: Taken } | { readonly isAway: true } | { readonly failure: string };

export interface Source {
  readonly file: File;
  readonly format: Format;
  readonly mapping: Mapping;
  /** How many columns the file has. */
  readonly width: number;
  /** How many rows, the header not among them. */
  readonly rows: number;
  /** The file's own names of its columns. */
  readonly header: readonly string[];
}

/** Enough to look at; whoever has more has another problem. */
export const MOST_REJECTED = 100_000;

export class ImportRun {
  readonly progress = new Store<Progress>({
    state: 'running',
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    superseded: 0,
    rejected: 0,
    wasRepeated: false,
    failure: null,
  });

  /** In the order of the file, the first MOST_REJECTED of them. It only grows, together with `progress`. */
  readonly rejected: RejectedRow[] = [];

  /** `untilBack` ends when the API can be reached again. */
  constructor(
    readonly source: Source,
    private readonly send: (csv: string) => Promise<Answer>,
    private readonly untilBack: () => Promise<void>,
  ) {}

  /** Imports the whole file, from its beginning. Ends when the import has ended. */
  async go(): Promise<void> {
    try {
      for await (const piece of this.pieces()) {
        await this.deal(piece);
        if (this.isCancelled()) return;
      }
      this.change({ state: 'done' });
    } catch {
      // The file was changed or taken away meanwhile: the browser reads no more of it, and calls that a network error.
      this.change({ state: 'broken' });
    }
  }

  pause(): void {
    if (this.isUnderWay()) this.change({ state: 'paused' });
  }

  /** After a pause, or once more after a failure. */
  resume(): void {
    const { state } = this.progress.get();
    if (state === 'paused' || state === 'failed') this.change({ state: 'running', failure: null });
  }

  /** What was imported stays. */
  cancel(): void {
    if (!this.isOver()) this.change({ state: 'cancelled' });
  }

  isOver(): boolean {
    const { state } = this.progress.get();
    return isOver(state);
  }

  private async *pieces(): AsyncGenerator<Piece> {
    const maker = new PieceMaker(this.source.mapping, this.source.width);
    let isFirst = this.source.mapping.hasHeader;
    for await (const rows of rowsOf(this.source.file, this.source.format)) {
      for (const row of rows) {
        const piece = isFirst ? null : maker.add(row);
        isFirst = false;
        if (piece) yield piece;
      }
    }
    const last = maker.take();
    if (last) yield last;
  }

  private async deal(piece: Piece): Promise<void> {
    const taken = piece.csv === '' ? NOTHING : await this.taken(piece.csv);
    if (!taken) return;
    const rejected = [...piece.rejected, ...rejectedBy(taken, piece)].sort((one, other) => one.line - other.line);
    this.rejected.push(...rejected.slice(0, MOST_REJECTED - this.rejected.length));
    const before = this.progress.get();
    this.change({
      rows: before.rows + piece.rowAt.size + piece.rejected.length,
      created: before.created + taken.created,
      updated: before.updated + taken.updated,
      unchanged: before.unchanged + taken.unchanged,
      superseded: before.superseded + taken.superseded,
      rejected: before.rejected + taken.rejected + piece.rejected.length,
    });
  }

  /** Sends a piece until it is taken; null if the import was cancelled before that. */
  private async taken(csv: string): Promise<Taken | null> {
    for (;;) {
      await this.untilRunning();
      if (this.isCancelled()) return null;
      const answer = await this.send(csv);
      if ('taken' in answer) return answer.taken;
      if (this.isCancelled()) return null;
      if ('isAway' in answer) await this.waitUntilBack();
      else this.change({ state: 'failed', failure: answer.failure });
    }
  }

  private async waitUntilBack(): Promise<void> {
    // Perhaps it was taken all the same. To send it again is safe.
    this.change({ wasRepeated: true });
    if (this.progress.get().state === 'running') this.change({ state: 'waiting' });
    await this.untilBack();
    if (this.progress.get().state === 'waiting') this.change({ state: 'running' });
  }

  private untilRunning(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const { state } = this.progress.get();
        if (state !== 'running' && state !== 'cancelled') return;
        stopListening();
        resolve();
      };
      const stopListening = this.progress.subscribe(look);
      look();
    });
  }

  private isUnderWay(): boolean {
    const { state } = this.progress.get();
    return state === 'running' || state === 'waiting';
  }

  private isCancelled(): boolean {
    return this.progress.get().state === 'cancelled';
  }

  private change(what: Partial<Progress>): void {
    this.progress.set({ ...this.progress.get(), ...what });
  }
}

export function isOver(state: RunState): boolean {
  return state === 'done' || state === 'cancelled' || state === 'broken';
}

const NOTHING: Taken = { created: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, problems: [] };

/** The API names lines of the piece: these are the rows of the file that stand there. */
function rejectedBy({ problems }: Taken, { rowAt }: Piece): RejectedRow[] {
  const byLine = new Map<number, RowProblem[]>();
  for (const { line, ...problem } of problems) byLine.set(line, [...(byLine.get(line) ?? []), problem]);
  return [...byLine].flatMap(([line, problems]) => {
    const row = rowAt.get(line);
    return row ? [{ line: row.line, fields: row.fields, problems }] : [];
  });
}
