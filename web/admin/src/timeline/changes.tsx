import { Text } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import type { TimelineChangeFragment } from '../api/documents';
import { useFormat } from '../ui/format';
import { shownValue } from './shown-value';
import classes from './timeline.module.css';

/** Each value that was changed: from what, and to what. Of something new only what it is. */
export const Changes: FC<{ changes: readonly TimelineChangeFragment[] }> = ({ changes }) => {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const shown = changes.filter(({ before, after }) => before !== after);
  if (shown.length === 0) return null;
  const isNew = shown.every(({ before }) => before === null);
  return (
    <dl className={classes.changes}>
      {shown.map(({ field, before, after }) => (
        <div key={field}>
          <Text component="dt" size="sm" c="dimmed" span>
            {t(`field.${field as 'text'}`, { defaultValue: field })}:{' '}
          </Text>
          <Text component="dd" size="sm" className="said" span>
            {!isNew && (
              <>
                <del>{shownValue(field, before, format, t)}</del>
                {' → '}
              </>
            )}
            <ins>{shownValue(field, after, format, t)}</ins>
          </Text>
        </div>
      ))}
    </dl>
  );
};
