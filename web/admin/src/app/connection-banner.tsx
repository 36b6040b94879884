import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { isLive, isReachable } from '../api/connection';
import { useStore } from '../api/store';

/** Above every page, while what it shows may be out of date. */
export const ConnectionBanner: FC = () => {
  const { t } = useTranslation();
  const reachable = useStore(isReachable);
  const live = useStore(isLive);
  return (
    <div role="status">
      {(!reachable || !live) && (
        <Alert color="orange" mb="md" icon={<IconPlugConnectedX aria-hidden />}>
          {reachable ? t('connection.notLive') : t('connection.away')}
        </Alert>
      )}
    </div>
  );
};
