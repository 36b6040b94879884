import { Button, Code, FileButton, Paper, Stack, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './file-drop.module.css';

const EXAMPLE = 'phone,timezone,operator_code,tag\n79161234567,Europe/Moscow,916,vip\n79031112233,Asia/Omsk,,';

/** A place to drop a file at, and a button for all who do not drop. */
export const FileDrop: FC<{ onFile: (file: File) => void }> = ({ onFile }) => {
  const { t } = useTranslation('clients');
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <Stack>
      <Paper
        className={classes.place}
        data-over={isOver || undefined}
        onDragOver={over}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Stack align="center" ta="center">
          <IconFileTypeCsv size={48} stroke={1.2} aria-hidden />
          <Text>{t('import.drop')}</Text>
          <FileButton onChange={(file) => file && onFile(file)} accept=".csv,.txt,.tsv,text/csv,text/plain">
            {(props) => <Button {...props}>{t('import.choose')}</Button>}
          </FileButton>
        </Stack>
      </Paper>
      <Text>{t('import.needs')}</Text>
      <Code block>{EXAMPLE}</Code>
      <Text c="dimmed" size="sm">
        {t('import.rules')}
      </Text>
    </Stack>
  );
};
