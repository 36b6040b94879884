const DAY_SECONDS = 24 * 3_600;

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/**
 * Writes moments in the few characters that an axis has room for: as much as tells steps of that length apart, within
 * all of them.
 */
export function tickFor(language: string, stepSeconds: number, spanMs: number, timeZone?: string) {
  const parts = partsFor(stepSeconds, spanMs / 1_000);
  const format = new Intl.DateTimeFormat(language, { ...parts, ...(timeZone ? { timeZone } : {}) });
  return (iso: string): string => format.format(new Date(iso));
}

function partsFor(stepSeconds: number, spanSeconds: number): Intl.DateTimeFormatOptions {
  if (stepSeconds >= DAY_SECONDS) return DAY;
  if (spanSeconds >= DAY_SECONDS) return { ...DAY, ...CLOCK };
  return stepSeconds < 60 ? { ...CLOCK, second: '2-digit' } : CLOCK;
}
