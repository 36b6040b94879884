/** The rows that were not taken: a long table of which only what is seen is there. */

import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { download } from '../../ui/download';
import { type ImportRun, MOST_REJECTED, type Progress } from './import-run';
import { rejectedCsv } from './rejected-csv';
import { RejectedTable } from './rejected-table';

export const Rejected: FC<{ run: ImportRun; figures: Progress }> = ({ run, figures }) => {
  const { t } = useTranslation('clients');
  const save = () => {
    const words = { line: t('import.line'), reason: t('import.reason') };
    download(`rejected-${run.source.file.name}`, 'text/csv', rejectedCsv(run.rejected, run.source, words));
  };
  return (
    <Stack component="section" gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h3">
          {t('import.rejected')}
        </Title>
        <Button variant="default" onClick={save} leftSection={<IconDownload size={16} aria-hidden />}>
          {t('import.download')}
        </Button>
      </Group>
      <Text size="sm">{t('import.rejectedText')}</Text>
      {figures.rejected > MOST_REJECTED && (
        <Text size="sm">{t('import.tooManyRejected', { count: MOST_REJECTED })}</Text>
      )}
      <RejectedTable rows={run.rejected} count={run.rejected.length} />
    </Stack>
  );
};
