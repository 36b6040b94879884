import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { Page } from '../ui/page';

const ClientPage: FC = () => {
  const { t } = useTranslation();
  return <Page title={t('loading')}>{null}</Page>;
};

export default ClientPage;
