/** Moments as a person types them into a field, by the clock of the browser's zone, to the minute. */

/** For a field of the type datetime-local. */
export function toLocal(iso: string): string {
  const at = new Date(iso);
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** As the API wants it; null for what is no moment. An hour that the clock skips is read as the one after it. */
export function fromLocal(local: string): string | null {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The zone that people type in, and its clock. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
