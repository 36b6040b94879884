import { Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { useAskAgain } from '../../api/ask-again';
import { MailingGroupsDocument } from '../../api/documents';
import { Failure } from '../../ui/failure';
import { PageLoading } from '../../ui/page-loading';
import { GroupTable } from './group-table';
import { groupsOf, groupVariables, PROPERTIES, type Property } from './groups';

const FEW = 10;
const MANY = 100;

/** The same figures for each operator code, tag or time zone, the largest groups first. */
export const MailingBreakdown: FC<{ id: string; version: string }> = ({ id, version }) => {
  const { t } = useTranslation('mailing');
  const [property, choose] = useState<Property>('operatorCode');
  const [most, setMost] = useState(FEW);
  const variables = { id, most, ...groupVariables(property) };
  const [{ data, error }, ask] = useQuery({ query: MailingGroupsDocument, variables });
  useAskAgain(version, ask);
  const groups = data?.mailing && groupsOf(data.mailing.statistics, property);
  return (
    <Stack component="section" gap="sm" align="stretch">
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h3">
          {t('groups.title')}
        </Title>
        <SegmentedControl
          aria-label={t('groups.property')}
          transitionDuration={0}
          value={property}
          onChange={(value) => choose(value as Property)}
          data={PROPERTIES.map((value) => ({ value, label: t(`groups.${value}`) }))}
        />
      </Group>
      {!groups && (error ? <Failure error={error} onTryAgain={() => ask()} /> : <PageLoading />)}
      {groups?.length === 0 && <Text c="dimmed">{t('noMessages')}</Text>}
      {groups && groups.length > 0 && <GroupTable property={property} groups={groups} />}
      {groups && groups.length >= FEW && most === FEW && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setMost(MANY)}>
            {t('groups.more')}
          </Button>
        </Group>
      )}
      {groups && groups.length >= MANY && (
        <Text size="sm" c="dimmed">
          {t('groups.most', { count: MANY })}
        </Text>
      )}
    </Stack>
  );
};
