import { act, renderHook } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import { useFormOfMailing } from './form-of-mailing';
import { useSaving } from './use-saving';
import { newValues } from './values';

function saving() {
  const onSaved = vi.fn();
  const initial = newValues(Date.parse('2030-01-31T09:20:00Z'));
  const { result } = renderHook(() => {
    const form = useFormOfMailing(initial, false);
    return { form, settle: useSaving(form, () => null, onSaved) };
  });
  return { onSaved, result };
}

type Given = Parameters<ReturnType<typeof useSaving>>[0];

function settled(outcome: Given) {
  const { onSaved, result } = saving();
  let reason: string | null = null;
  act(() => {
    reason = result.current.settle(outcome);
  });
  return { reason, errors: result.current.form.errors, saved: onSaved.mock.calls };
}

describe('useSaving', () => {
  it('goes on with what was saved', () => {
    expect(settled({ result: { __typename: 'Mailing', id: 'mailing_7' } })).toEqual({
      reason: null,
      errors: {},
      saved: [['mailing_7']],
    });
  });

  it('puts what only the service knew to be wrong beside its field, and gives back what has none', () => {
    const problems = [
      { path: ['filter', 'tags', '0'], message: 'must not hold control characters' },
      { path: ['window', 'closesAt'], message: 'must be a time' },
      { path: ['moon'], message: 'must be full' },
    ];

    expect(settled({ result: { __typename: 'InvalidInput', problems } })).toEqual({
      reason: 'Must be full.',
      errors: { 'filter.tags': 'Must not hold control characters.', 'window.closesAt': 'Must be a time.' },
      saved: [],
    });
  });

  it('says why it was refused, or that nobody knows', () => {
    expect(settled({ result: { __typename: 'NotFound' } }).reason).toBe('The mailing has been deleted.');
    expect(settled({ failure: 'Nobody answered.' }).reason).toBe('Nobody answered.');
  });
});
