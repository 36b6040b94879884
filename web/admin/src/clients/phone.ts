/** Phones as people write them, and as the API wants them: 7 and ten digits. */

const LOOKS_LIKE_A_PHONE = /^\+?[\d\s().\u00a0\u2010-\u2015-]+$/;

/**
 * "+7 916 123-45-67", "8 (916) 123-45-67" and "916 123-45-67" as the API wants them. Whatever is no phone of Russia
 * stays as it is, for the API to say what is wrong with it.
 */
export function phoneFrom(written: string): string {
  const text = written.trim();
  if (!LOOKS_LIKE_A_PHONE.test(text)) return text;
  const digits = text.replaceAll(/\D/g, '');
  if (/^7\d{10}$/.test(digits)) return digits;
  // 8 is what is dialled inside of Russia in place of +7.
  if (/^8\d{10}$/.test(digits) && !text.startsWith('+')) return `7${digits.slice(1)}`;
  if (/^9\d{9}$/.test(digits) && !text.startsWith('+')) return `7${digits}`;
  return text;
}

/** "79161234567" → "+7 916 123-45-67", which breaks over no line. */
export function shownPhone(phone: string): string {
  const parts = /^7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  if (!parts) return phone;
  const [, code, first, second, third] = parts;
  return `+7\u00a0${code}\u00a0${first}\u2011${second}\u2011${third}`;
}

/** What a client's operator code is if nobody says another one; `''` of what is no phone. */
export function operatorCodeOf(written: string): string {
  const phone = phoneFrom(written);
  return /^7\d{10}$/.test(phone) ? phone.slice(1, 4) : '';
}
