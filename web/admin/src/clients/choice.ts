/** Which clients a list shows, as its address says: that survives a reload, and can be sent to somebody. */

import { useSearchParams } from 'react-router';

import type { MailingFilterInput } from '../api/documents';
import { withoutPlaces } from '../ui/keyset';

/** As many codes, and as many tags, as the API takes at once. */
export const MOST_VALUES = 100;

export interface Choice {
  readonly search: string;
  readonly operatorCodes: readonly string[];
  /** `''` are clients without a tag. */
  readonly tags: readonly string[];
}

export function choiceOf(address: URLSearchParams): Choice {
  return {
    search: address.get('search') ?? '',
    operatorCodes: address.getAll('code'),
    tags: address.getAll('tag'),
  };
}

/** The address with another choice, at the start of its list. */
export function withChoice(address: URLSearchParams, choice: Choice): URLSearchParams {
  const other = withoutPlaces(address);
  for (const key of ['search', 'code', 'tag']) other.delete(key);
  if (choice.search) other.set('search', choice.search);
  for (const code of choice.operatorCodes) other.append('code', code);
  for (const tag of choice.tags) other.append('tag', tag);
  return other;
}

/** The client that is searched for by its id: that names one, whatever else is chosen. */
export function idIn({ search }: Choice): string | null {
  return /^client_\d+$/.test(search) ? search : null;
}

export function isEverybody({ search, operatorCodes, tags }: Choice): boolean {
  return search === '' && operatorCodes.length === 0 && tags.length === 0;
}

/** As the API asks for it. */
export function choiceVariables(choice: Choice): { filter: MailingFilterInput; search: string } {
  const { search, operatorCodes, tags } = choice;
  return { filter: { operatorCodes: [...operatorCodes], tags: [...tags] }, search };
}

/** The choice of the page's address, and how to make another. */
export function useChoice(): [Choice, (choice: Choice) => void] {
  const [address, setAddress] = useSearchParams();
  const choose = (choice: Choice) => setAddress((now) => withChoice(now, choice), { replace: true });
  return [choiceOf(address), choose];
}
