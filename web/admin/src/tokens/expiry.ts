/** How long a token is to be good, as people choose it. */

/** Days, from the moment at which the token is made. */
export const PERIODS = ['30', '90', '365'] as const;

/** A period, the end of a chosen day, or no end at all. */
export type Expiry = (typeof PERIODS)[number] | 'day' | 'never';

/** Made good for that long unless somebody wants it otherwise. */
export const USUAL: Expiry = '90';

const DAY_MS = 86_400_000;

/**
 * The moment at which a token expires: null for never. A chosen `day`, such as 2030-01-31, is the last on which the
 * token is good by the clock of this machine; undefined as long as no day is
 * chosen, or one that no calendar here has.
 */
export function expiresAt(expiry: Expiry, day: string, now = Date.now()): string | null | undefined {
  if (expiry === 'never') return null;
  if (expiry !== 'day') return new Date(now + Number(expiry) * DAY_MS).toISOString();
  if (day === '') return undefined;
  // A time without an offset is local. Days are not 24 hours where clocks are changed, so the calendar counts them.
  const next = new Date(`${day}T00:00`);
  // The field takes years of more than four digits, which are written otherwise.
  if (Number.isNaN(next.getTime())) return undefined;
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}
