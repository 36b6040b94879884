/** Pages of a list by cursors, kept in the address: they survive a reload, and "back" leads back. */

import { useSearchParams } from 'react-router';

export const PAGE_SIZE = 50;

export interface KeysetVariables {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Where a list begins that the API gives with the oldest first. */
export type Order = 'oldest first' | 'newest first';

/**
 * The variables of the page that the address names. A list with the newest first asks from the API's end backwards;
 * `rows` then turns each page round.
 *
 * `name` sets one list's place apart from another's on the same page.
 */
export function useKeyset(order: Order, name = '', size = PAGE_SIZE): KeysetVariables {
  const [address] = useSearchParams();
  const after = address.get(`${name}after`);
  const before = address.get(`${name}before`);
  return keysetVariables(order, after, before, size);
}

export function keysetVariables(
  order: Order,
  after: string | null,
  before: string | null,
  size = PAGE_SIZE,
): KeysetVariables {
  if (after) return { first: size, after };
  if (before) return { last: size, before };
  return order === 'oldest first' ? { first: size } : { last: size };
}

/** A page in the order that people see. */
export function rows<T>(order: Order, nodes: readonly T[]): readonly T[] {
  return order === 'oldest first' ? nodes : nodes.toReversed();
}

/** Without the place in the lists, for filters that make another list of it. */
export function withoutPlaces(address: URLSearchParams): URLSearchParams {
  const other = new URLSearchParams(address);
  for (const key of address.keys()) if (/(after|before)$/.test(key)) other.delete(key);
  return other;
}
