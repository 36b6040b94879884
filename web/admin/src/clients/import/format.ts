/** What a file of text is written in, as far as one can tell by looking at it. */

import Papa from 'papaparse';

export const ENCODINGS = ['utf-8', 'windows-1251', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface Format {
  readonly encoding: Encoding;
  readonly separator: Separator;
}

/** Raised when a file holds something else than text; `kind` says what it looks like. */
export class NotTextError extends Error {
  constructor(readonly kind: 'workbook' | 'binary' | 'empty') {
    super(`not text: ${kind}`);
  }
}

const SAMPLE_BYTES = 64 * 1024;

/** The format of a file, which is read to its end for that. Throws NotTextError. */
export async function formatOf(file: Blob): Promise<Format> {
  const start = new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());
  const encoding = await encodingOf(file, start);
  const sample = new TextDecoder(encoding).decode(start);
  if (sample.trim() === '') throw new NotTextError('empty');
  if (sample.includes('\0')) throw new NotTextError('binary');
  return { encoding, separator: separatorOf(sample) };
}

/** What separates the values of a row, by its first rows. */
export function separatorOf(sample: string): Separator {
  const { meta } = Papa.parse(sample, { preview: 20, skipEmptyLines: true, delimitersToGuess: [...SEPARATORS] });
  return SEPARATORS.find((separator) => separator === meta.delimiter) ?? ',';
}

async function encodingOf(file: Blob, start: Uint8Array): Promise<Encoding> {
  const beginsWith = (...bytes: number[]) => bytes.every((byte, place) => start[place] === byte);
  // What spreadsheets save by themselves: a ZIP archive since 2007, a compound file before.
  if (beginsWith(0x50, 0x4b, 0x03, 0x04) || beginsWith(0xd0, 0xcf, 0x11, 0xe0)) throw new NotTextError('workbook');
  if (beginsWith(0xff, 0xfe)) return 'utf-16le';
  if (beginsWith(0xfe, 0xff)) return 'utf-16be';
  return (await isUtf8(file)) ? 'utf-8' : 'windows-1251';
}

/** The whole file is looked at: the first letter that is not English may be its last. */
async function isUtf8(file: Blob): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = file.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      decoder.decode(next.value, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await reader.cancel();
    return false;
  }
}
