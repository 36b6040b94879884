import { Center, Loader } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

/** While a page or what it shows is on its way. */
export const PageLoading: FC = () => {
  const { t } = useTranslation();
  return (
    <Center mih={200} role="status" aria-label={t('loading')}>
      <Loader />
    </Center>
  );
};
