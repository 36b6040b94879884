/** The time zones that there are, as people look for them. */

export interface Zone {
  /** Its IANA name. */
  readonly name: string;
  /** How far ahead of UTC its clocks are now, as "+03:00". */
  readonly offset: string;
}

/** Zones that go by an older name in the browser's list, and clients have by the newer one, or the other way round. */
const ALSO = [
  'Europe/Kyiv',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Ho_Chi_Minh',
  'Asia/Yangon',
  'America/Nuuk',
  'UTC',
];

/** All zones that this browser knows, and those of `others`, by their names. */
export function allZones(others: readonly string[] = [], now = new Date()): readonly Zone[] {
  const names = new Set([...Intl.supportedValuesOf('timeZone'), ...ALSO, ...others]);
  return [...names].sort().map((name) => ({ name, offset: offsetOf(name, now) }));
}

/** Whether that zone is meant by what somebody typed: a part of its name, with blanks for underscores, or its offset. */
export function isMeant({ name, offset }: Zone, typed: string): boolean {
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_');
  return name.toLowerCase().includes(wanted) || `utc${offset}`.startsWith(wanted) || offset.startsWith(wanted);
}

function offsetOf(name: string, now: Date): string {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' }).formatToParts(now);
    const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') ?? '';
    return offset || '+00:00';
  } catch (error) {
    // The API may know zones that are newer than the browser.
    if (error instanceof RangeError) return '';
    throw error;
  }
}
