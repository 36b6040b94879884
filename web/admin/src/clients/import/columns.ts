/** Which column of a file is which value of a client. */

import { phoneFrom } from '../phone';

/** As `importClients` calls them. */
export const COLUMNS = ['phone', 'timezone', 'operator_code', 'tag'] as const;
export type Column = (typeof COLUMNS)[number];

/** As the texts of clients call them: `fields.…`. */
export const FIELD_NAMES = { phone: 'phone', timezone: 'timezone', operator_code: 'operatorCode', tag: 'tag' } as const;

/** The place of each column in the file; null: the file has none. */
export type Places = Readonly<Record<Column, number | null>>;

export interface Mapping {
  readonly places: Places;
  /** Of all clients, where no column has it. */
  readonly timezone: string | null;
  /** Whether the first row names the columns; otherwise it is a client, too. */
  readonly hasHeader: boolean;
}

/** What people and other programs call them, without spaces and signs. */
const NAMES: Record<Column, readonly string[]> = {
  phone: ['phone', 'phonenumber', 'mobile', 'msisdn', 'tel', 'телефон', 'номер', 'номертелефона', 'мобильный'],
  timezone: ['timezone', 'zone', 'tz', 'часовойпояс', 'пояс', 'таймзона', 'зона'],
  operator_code: ['operatorcode', 'operator', 'code', 'кодоператора', 'кодмобильногооператора', 'оператор', 'код'],
  tag: ['tag', 'label', 'group', 'segment', 'тег', 'тэг', 'метка', 'группа', 'сегмент'],
};

/** What a file's first row tells of its columns. */
export function guess(firstRow: readonly string[]): Mapping {
  const hasHeader = !firstRow.some((field) => isPhone(field));
  const names = firstRow.map((field) => field.toLowerCase().replaceAll(/[^\p{L}\d]/gu, ''));
  const placeOf = (column: Column) => {
    // In the order of the names: "phone" is meant rather than "number", where a file has both.
    const place = NAMES[column].map((name) => names.indexOf(name)).find((found) => found !== -1);
    return place ?? null;
  };
  const phone = hasHeader ? placeOf('phone') : firstRow.findIndex(isPhone);
  return {
    places: { phone, timezone: placeOf('timezone'), operator_code: placeOf('operator_code'), tag: placeOf('tag') },
    timezone: null,
    hasHeader,
  };
}

/** Whether a client can be made of a row: the API needs phone and time zone. */
export function isComplete({ places, timezone }: Mapping): boolean {
  return places.phone !== null && (places.timezone !== null || timezone !== null);
}

/** The columns that are sent. One that the file does not have is left out: it keeps what a client has. */
export function sentColumns({ places, timezone }: Mapping): readonly Column[] {
  return COLUMNS.filter((column) => places[column] !== null || (column === 'timezone' && timezone !== null));
}

/** A row's value as it is sent. */
export function sentValue(column: Column, fields: readonly string[], { places, timezone }: Mapping): string {
  const place = places[column];
  if (place === null) return (column === 'timezone' && timezone) || '';
  const value = fields[place] ?? '';
  if (column === 'phone') return phoneFrom(value);
  return column === 'tag' ? value : value.trim();
}

function isPhone(field: string): boolean {
  return /^7\d{10}$/.test(phoneFrom(field));
}
