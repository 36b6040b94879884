/** Messages a second as people read them: of fast ones no fraction, and a slow one is not none. */
export function rate(messagesPerSecond: number): number {
  if (messagesPerSecond >= 10) return Math.round(messagesPerSecond);
  return Math.max(Math.round(messagesPerSecond * 10) / 10, messagesPerSecond > 0 ? 0.1 : 0);
}
