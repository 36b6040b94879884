/** The API token of somebody who comes in by one, where nobody signs in with a browser. Forgotten with the tab. */

const KEY = 'mailing.token';

export function token(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepToken(value: string): void {
  sessionStorage.setItem(KEY, value);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Other characters fit into no header: browsers would not even ask, as if nobody were there. */
export function canBeToken(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value);
}

/** What shows the token to the API, by HTTP in its headers and by WebSocket in the first message. */
export function credentials(): Record<string, string> {
  const shown = token();
  return shown ? { authorization: `Bearer ${shown}` } : {};
}
