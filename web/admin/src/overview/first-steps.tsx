import { Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useMay } from '../app/viewer';

interface Props {
  readonly hasClients: boolean;
  readonly hasMailings: boolean;
}

/** What to do first where there is nothing yet. */
export const FirstSteps: FC<Props> = ({ hasClients, hasMailings }) => {
  const { t } = useTranslation('overview');
  const mayOperate = useMay('OPERATOR');
  return (
    <Card withBorder component="section" aria-labelledby="first" padding="lg">
      <Title order={2} size="h3" id="first">
        {t('first.title')}
      </Title>
      <Text mt="xs">{mayOperate ? t('first.text') : t('first.askOperator')}</Text>
      <List type="ordered" listStyleType="none" spacing="lg" mt="lg">
        <Step isDone={hasClients} title={t('first.clients')} text={t('first.clientsText')}>
          {mayOperate && (
            <>
              <Way to="/clients/import">{t('first.import')}</Way>
              <Way to="/clients/new" isLesser>
                {t('first.addClient')}
              </Way>
            </>
          )}
        </Step>
        <Step isDone={hasMailings} title={t('first.mailing')} text={t('first.mailingText')}>
          {mayOperate && <Way to="/mailings/new">{t('newMailing')}</Way>}
        </Step>
        <Step isDone={false} title={t('first.watch')} text={t('first.watchText')} />
      </List>
    </Card>
  );
};

interface StepProps {
  readonly isDone: boolean;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

const Step: FC<StepProps> = ({ isDone, title, text, children }) => {
  const { t } = useTranslation('overview');
  const Icon = isDone ? IconCircleCheck : IconCircle;
  return (
    <List.Item icon={<Icon size={24} aria-hidden />}>
      <Stack gap={4} align="flex-start">
        <Text fw={600}>
          {title}
          {isDone && ` – ${t('first.done')}`}
        </Text>
        <Text>{text}</Text>
        {!isDone && children && <Group gap="xs">{children}</Group>}
      </Stack>
    </List.Item>
  );
};

const Way: FC<{ to: string; isLesser?: boolean; children: string }> = ({ to, isLesser = false, children }) => (
  <Button component={Link} to={to} size="sm" variant={isLesser ? 'default' : 'filled'}>
    {children}
  </Button>
);
