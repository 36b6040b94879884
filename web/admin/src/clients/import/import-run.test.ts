import { describe, expect, it } from 'vitest';

import { type Answer, ImportRun, type Source, type Taken } from './import-run';

const NOTHING: Taken = { created: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, problems: [] };

function source(text: string): Source {
  return {
    file: new File([text], 'clients.csv'),
    format: { encoding: 'utf-8', separator: ',' },
    mapping: {
      places: { phone: 0, timezone: null, operator_code: null, tag: 1 },
      timezone: 'Europe/Moscow',
      hasHeader: true,
    },
    width: 2,
    rows: 0,
    header: ['phone', 'tag'],
  };
}

/** An API that answers as it is told, piece by piece, and remembers what it was sent. */
class FakeApi {
  readonly pieces: string[] = [];

  constructor(private readonly answers: ((csv: string) => Answer)[] = []) {}

  send = async (csv: string): Promise<Answer> => {
    this.pieces.push(csv);
    const answer = this.answers[this.pieces.length - 1];
    return answer ? answer(csv) : { taken: { ...NOTHING, created: csv.trimEnd().split('\n').length - 1 } };
  };
}

const atOnce = async () => undefined;

describe('ImportRun', () => {
  it('sends what the mapping says, in pieces, and adds up what came of them', async () => {
    const rows = Array.from({ length: 2_500 }, (_, number) => `+7 916 ${1_000_000 + number},x\n`);
    const api = new FakeApi();
    const run = new ImportRun(source(`Phone,Tag\n${rows.join('')}`), api.send, atOnce);

    await run.go();

    expect(api.pieces.map((piece) => piece.split('\n').length - 2)).toEqual([1_000, 1_000, 500]);
    expect(api.pieces[0]?.split('\n').slice(0, 2)).toEqual(['phone,timezone,tag', '79161000000,Europe/Moscow,x']);
    expect(run.progress.get()).toMatchObject({ state: 'done', rows: 2_500, created: 2_500, wasRepeated: false });
  });

  it('finds each rejected row in the file, whether the API or CSV rejects it', async () => {
    const wrongPhone = {
      column: 'phone',
      value: '12',
      message: 'must be …',
      code: 'NOT_A_PHONE',
      limit: null,
    } as const;
    const api = new FakeApi([
      () => ({ taken: { ...NOTHING, created: 1, rejected: 1, problems: [{ line: 4, ...wrongPhone }] } }),
    ]);
    // A tag of two lines: from here on the piece's lines are not the file's.
    const text = 'Phone,Tag\n\n79161234567,"a\nb"\n79161234568\n12,c\n';
    const run = new ImportRun(source(text), api.send, atOnce);

    await run.go();

    expect(run.rejected).toEqual([
      {
        line: 5,
        fields: ['79161234568'],
        problems: [expect.objectContaining({ code: 'WRONG_FIELD_COUNT', limit: 2 })],
      },
      { line: 6, fields: ['12', 'c'], problems: [wrongPhone] },
    ]);
    expect(run.progress.get()).toMatchObject({ rows: 3, created: 1, rejected: 2 });
  });

  it('waits while the API is away, and then sends the same piece again', async () => {
    const api = new FakeApi([() => ({ isAway: true }), () => ({ taken: { ...NOTHING, unchanged: 1 } })]);
    const states: string[] = [];
    let goOn = () => {};
    const run = new ImportRun(source('p,t\n79161234567,x\n'), api.send, () => new Promise((back) => (goOn = back)));
    run.progress.subscribe(() => states.push(run.progress.get().state));
    const ended = run.go();

    await expect.poll(() => run.progress.get().state).toBe('waiting');
    goOn();
    await ended;

    expect(api.pieces[1]).toBe(api.pieces[0]);
    expect(states.filter((state, place) => state !== states[place - 1])).toEqual([
      'running',
      'waiting',
      'running',
      'done',
    ]);
    expect(run.progress.get()).toMatchObject({ unchanged: 1, wasRepeated: true });
  });

  it('stops at a refusal, says why, and tries again when it is told to', async () => {
    const api = new FakeApi([() => ({ failure: 'Your role does not allow this.' })]);
    const run = new ImportRun(source('p,t\n79161234567,x\n'), api.send, atOnce);
    const ended = run.go();

    await expect
      .poll(() => run.progress.get())
      .toMatchObject({ state: 'failed', failure: 'Your role does not allow this.' });
    run.resume();
    await ended;

    expect(run.progress.get()).toMatchObject({ state: 'done', failure: null, created: 1 });
  });

  it('sends nothing while it is paused, and nothing more once it is cancelled', async () => {
    const api = new FakeApi();
    const run = new ImportRun(source('p,t\n79161234567,x\n'), api.send, atOnce);
    run.pause();
    const ended = run.go();

    run.cancel();
    await ended;

    expect(api.pieces).toEqual([]);
    expect(run.progress.get()).toMatchObject({ state: 'cancelled', rows: 0 });
  });

  it('says that a file cannot be read on', async () => {
    const broken = source('p,t\n79161234567,x\n');
    broken.file.stream = () => {
      throw new Error('the file was changed');
    };
    const run = new ImportRun(broken, new FakeApi().send, atOnce);

    await run.go();

    expect(run.progress.get()).toMatchObject({ state: 'broken', failure: null });
  });
});
