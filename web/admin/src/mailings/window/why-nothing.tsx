import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { Moment } from '../../ui/moment';
import { useClosed } from './use-closed';

interface Props {
  /** Of an idle mailing. */
  readonly id: string;
  /** What to say if it is not the window. */
  readonly otherwise: string;
}

/** Why nothing is sent at the moment, and until when, in a line. */
export const WhyNothing: FC<Props> = ({ id, otherwise }) => {
  const { t } = useTranslation('mailing');
  const closed = useClosed(id);
  if (!closed) return otherwise;
  if (closed.opensAt === null) return t('closed.forGood');
  return (
    <>
      {t('closed.until')} <Moment at={new Date(closed.opensAt).toISOString()} near distance />
    </>
  );
};
