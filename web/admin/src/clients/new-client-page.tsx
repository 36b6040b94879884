import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { CreateClientDocument } from '../api/documents';
import { useSend } from '../api/send';
import { Page } from '../ui/page';
import { ClientForm, type ClientValues, type Refusal } from './client-form';
import { phoneFrom } from './phone';

const NewClientPage: FC = () => {
  const { t } = useTranslation('clients');
  const navigate = useNavigate();
  const send = useSend(CreateClientDocument);

  const create = async ({ phone, operatorCode, tag, timezone }: ClientValues): Promise<Refusal | null> => {
    const input = { phone: phoneFrom(phone), operatorCode: operatorCode.trim() || null, tag, timezone };
    const outcome = await send({ input });
    if ('failure' in outcome) return outcome;
    const { result } = outcome;
    if (result.__typename === 'InvalidInput') return { problems: result.problems };
    if (result.__typename === 'PhoneAlreadyRegistered') return { phoneOf: result.client.id };
    navigate(`/clients/${result.id}`);
    return null;
  };

  return (
    <Page title={t('new.title')}>
      <ClientForm
        initial={{ phone: '', operatorCode: '', tag: '', timezone: '' }}
        action={t('new.submit')}
        back="/clients"
        hasDefaultCode
        onSend={create}
      />
    </Page>
  );
};

export default NewClientPage;
