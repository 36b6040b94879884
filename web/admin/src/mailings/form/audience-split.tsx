import { Box, Group, Stack, Text, Title } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../ui/format';
import type { ClientGroup } from './zones';

interface Props {
  readonly title: string;
  /** The largest first. */
  readonly groups: readonly ClientGroup[];
  readonly total: number;
}

const SHOWN = 5;

/** The largest groups of an audience, each with its share as a bar below it. */
export const AudienceSplit: FC<Props> = ({ title, groups, total }) => {
  const { t } = useTranslation('mailings');
  const shown = groups.slice(0, SHOWN);
  const rest = total - shown.reduce((sum, group) => sum + group.total, 0);
  return (
    <div>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: 'none' }}>
        {shown.map((group) => (
          <Share key={group.value} name={group.value || t('form.withoutTag')} part={group.total} whole={total} />
        ))}
        {rest > 0 && <Share name={t('form.others')} part={rest} whole={total} />}
      </Stack>
    </div>
  );
};

const Share: FC<{ name: string; part: number; whole: number }> = ({ name, part, whole }) => {
  const format = useFormat();
  return (
    <li>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" truncate title={name}>
          {name}
        </Text>
        <Text size="sm" className="figures" style={{ whiteSpace: 'nowrap' }}>
          {format.number(part)} · {format.share(part, whole)}
        </Text>
      </Group>
      <Box bg="var(--mantine-color-default-border)" h={4} aria-hidden style={{ borderRadius: 2 }}>
        <Box bg="indigo.5" h={4} w={`${(part / whole) * 100}%`} style={{ borderRadius: 2 }} />
      </Box>
    </li>
  );
};
