import type { TFunction } from 'i18next';

import type { Format } from '../ui/format';

/** An old or new value as people read it: moments in their own zone, lists with commas, and words for "none". */
export function shownValue(field: string, value: string | null, format: Format, t: TFunction<'timeline'>): string {
  if (value === null || value === '') return t(NONE[field] ?? 'none.other');
  if (field.endsWith('At') && !field.startsWith('window.')) return format.moment(value);
  if (field === 'maxRate') return t('perSecond', { count: Number(value) });
  if (field.startsWith('filter.')) return listed(JSON.parse(value) as string[], t);
  return value;
}

const NONE = {
  maxRate: 'none.maxRate',
  tag: 'none.tag',
  phone: 'none.phone',
  'window.opensAt': 'none.window',
  'window.closesAt': 'none.window',
} as const as Record<string, 'none.maxRate' | 'none.tag' | 'none.phone' | 'none.window'>;

function listed(values: readonly string[], t: TFunction<'timeline'>): string {
  if (values.length === 0) return t('none.filter');
  return values.map((value) => (value === '' ? t('none.tag') : value)).join(', ');
}
