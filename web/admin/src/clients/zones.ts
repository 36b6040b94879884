/** The time zones that there are, as people look for them. */

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

/** The IANA names of all zones that this browser knows, and of `others`. */
export function allZones(others: readonly string[] = []): readonly string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), ...ALSO, ...others])].sort();
}

/** Whether that zone is meant by what somebody typed: a part of its name, with blanks for underscores, or its offset. */
export function isMeant(zone: string, typed: string, now = new Date()): boolean {
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_');
  if (/^(utc)?[+-]/.test(wanted)) return short(offsetOf(zone, now)).startsWith(short(wanted.replace('utc', '')));
  return zone.toLowerCase().includes(wanted);
}

/** How far ahead of UTC the clocks of a zone are, as "+03:00"; `''` for one that this browser does not know. */
export function offsetOf(zone: string, now = new Date()): string {
  try {
    const parts = clockOf(zone).formatToParts(now);
    return parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') || '+00:00';
  } catch (error) {
    // The API may know zones that are newer than the browser.
    if (error instanceof RangeError) return '';
    throw error;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Made once: to make those of all zones anew with each key that is typed would be felt. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  clocks.set(zone, clock);
  return clock;
}

/** "+03:00" → "+3:00", as most people write it. */
function short(offset: string): string {
  return offset.replace(/^([+-])0(?=\d)/, '$1');
}
