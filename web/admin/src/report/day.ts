/** Days as the API writes them, such as 2030-01-31. */

/** The day that it is at that moment by the clocks of a zone. */
export function today(timezone: string, now = Date.now()): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: 'year' | 'month' | 'day') => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** What an address names as a day; null if it is none. */
export function dayFrom(text: string | null): string | null {
  const moment = Date.parse(`${text}T00:00Z`);
  return text && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(moment) ? text : null;
}

/** The day that is so many days later. */
export function later(day: string, days: number): string {
  const moment = new Date(`${day}T00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}
