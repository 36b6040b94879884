import { Alert, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Moment } from '../../ui/moment';
import { useClosed } from '../window/use-closed';

/** That an idle mailing waits for its window, and how long for how many. */
export const WindowNote: FC<{ id: string }> = ({ id }) => {
  const { t } = useTranslation('mailing');
  const closed = useClosed(id);
  if (!closed) return null;
  const { opensAt, first, waiting } = closed;
  if (opensAt === null) return <Note title={t('closed.forGood')} />;
  return (
    <Note title={t('closed.title')}>
      {t('closed.opens')} <Moment at={new Date(opensAt).toISOString()} near distance />{' '}
      {first < waiting ? t('closed.forSome', { count: first }) : t('closed.forAll', { count: first })}
    </Note>
  );
};

const Note: FC<{ title: string; children?: ReactNode }> = ({ title, children }) => (
  <Alert role="note" color="blue" icon={<IconClock aria-hidden />} title={title}>
    {children && <Text size="sm">{children}</Text>}
  </Alert>
);
