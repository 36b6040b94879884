/** How many SMS a text becomes, as phone networks cut it (3GPP TS 23.038 and 23.040). */

/** One of these takes 7 bits. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** One of these takes an escape before it, too. */
const EXTENDED = '\f^{}\\[~]|€';

const WIDTHS = new Map([...[...BASIC].map((c) => [c, 1] as const), ...[...EXTENDED].map((c) => [c, 2] as const)]);

export type Encoding = 'GSM-7' | 'UCS-2';

/** What one part holds: alone, and as one of several, where a header that joins them takes room. */
const ROOM: Record<Encoding, { alone: number; joined: number }> = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
};

export interface Reckoning {
  readonly encoding: Encoding;
  readonly parts: number;
  /** What still fits into the last part, in the encoding's units. */
  readonly room: number;
  /** What is not in the 7-bit alphabet, each once: the reason why a part holds less than half as much. */
  readonly foreign: readonly string[];
}

export function reckon(text: string): Reckoning {
  const characters = [...text];
  const foreign = [...new Set(characters.filter((character) => !WIDTHS.has(character)))];
  const encoding = foreign.length > 0 ? 'UCS-2' : 'GSM-7';
  const widths = characters.map((character) => widthOf(character, encoding));
  return { encoding, foreign, ...pack(widths, ROOM[encoding]) };
}

/** The same text, if nothing in it were foreign to the 7-bit alphabet. */
export function partsWithout(text: string, foreign: readonly string[]): number {
  return reckon([...text].map((character) => (foreign.includes(character) ? '-' : character)).join('')).parts;
}

function widthOf(character: string, encoding: Encoding): number {
  return encoding === 'GSM-7' ? (WIDTHS.get(character) ?? 1) : character.length;
}

/** No part may end between an escape and what it escapes, nor between the halves of a surrogate pair. */
function pack(widths: readonly number[], { alone, joined }: { alone: number; joined: number }) {
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= alone) return { parts: total === 0 ? 0 : 1, room: alone - total };
  let parts = 1;
  let room = joined;
  for (const width of widths) {
    if (width > room) {
      parts += 1;
      room = joined;
    }
    room -= width;
  }
  return { parts, room };
}
