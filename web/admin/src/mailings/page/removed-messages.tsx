import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../ui/empty-state';
import { useFormat } from '../../ui/format';

/** In place of the messages of a mailing that has been over for longer than they are kept. */
export const RemovedMessages: FC<{ at: string }> = ({ at }) => {
  const { t } = useTranslation('mailing');
  const format = useFormat();
  return <EmptyState text={t('messagesRemoved', { moment: format.moment(at) })} />;
};
