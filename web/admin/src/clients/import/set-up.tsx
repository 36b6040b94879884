/** What a file holds, and what of it is imported as what. */

import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { type FC, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../ui/format';
import { guess, isComplete, type Mapping } from './columns';
import { ColumnsChoice } from './columns-choice';
import { startImport } from './current';
import { type Format, formatOf, NotTextError } from './format';
import { FormatChoice } from './format-choice';
import { type Inspection, inspect } from './inspect';
import { Preview } from './preview';

interface Props {
  readonly file: File;
  /** Back to choosing a file. */
  readonly onOther: () => void;
}

export const ImportSetUp: FC<Props> = ({ file, onOther }) => {
  const { t } = useTranslation('clients');
  const [inspection, setInspection] = useState<Inspection | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [problem, setProblem] = useState<Fault | null>(null);

  const [isReading, setReading] = useState(true);
  const looks = useRef(0);

  const look = useCallback(
    async (chosen?: Format) => {
      looks.current += 1;
      const mine = looks.current;
      setReading(true);
      const [found, fault] = await inspected(file, chosen);
      // Who chooses another format while a long file is read is waiting for that one.
      if (mine !== looks.current) return;
      setReading(false);
      setProblem(fault);
      if (!found) return;
      setInspection(found);
      setMapping(guess(found.first[0]?.fields ?? []));
    },
    [file],
  );
  useEffect(() => void look(), [look]);

  return (
    <Stack>
      <Group justify="space-between">
        <Text fw={500} className="said">
          {file.name}
        </Text>
        <Button variant="subtle" onClick={onOther}>
          {t('import.other')}
        </Button>
      </Group>
      {problem && (
        <Alert color="red" role="alert" title={t('import.unusable')}>
          {t(`import.file.${problem}`)}
        </Alert>
      )}
      {!problem && !(inspection && mapping) && (
        <Group role="status">
          <Loader size="sm" /> {t('import.reading')}
        </Group>
      )}
      {inspection && mapping && (
        <>
          <FormatChoice
            format={inspection.format}
            hasHeader={mapping.hasHeader}
            onFormat={(format) => void look(format)}
            onHeader={(hasHeader) => setMapping({ ...mapping, hasHeader })}
          />
          <ColumnsChoice first={inspection.first} mapping={mapping} onChange={setMapping} />
          <Preview first={inspection.first} mapping={mapping} />
          <Start file={file} inspection={inspection} mapping={mapping} isReading={isReading} />
        </>
      )}
    </Stack>
  );
};

type Fault = 'unreadable' | NotTextError['kind'];

async function inspected(file: File, chosen?: Format): Promise<[Inspection, null] | [null, Fault]> {
  try {
    return [await inspect(file, chosen ?? (await formatOf(file))), null];
  } catch (error) {
    return [null, error instanceof NotTextError ? error.kind : 'unreadable'];
  }
}

interface StartProps {
  readonly file: File;
  readonly inspection: Inspection;
  readonly mapping: Mapping;
  /** Whether what is known is being found out anew. */
  readonly isReading: boolean;
}

const Start: FC<StartProps> = ({ file, inspection, mapping, isReading }) => {
  const { t } = useTranslation('clients');
  const format = useFormat();
  const header = inspection.first[0]?.fields ?? [];
  const rows = Math.max(0, inspection.rows - (mapping.hasHeader ? 1 : 0));
  const start = () =>
    startImport({
      file,
      format: inspection.format,
      mapping,
      width: header.length,
      rows,
      header: mapping.hasHeader ? header : [],
    });
  return (
    <Stack align="flex-start" gap="xs">
      <Text size="sm">{t('import.effect')}</Text>
      <Button onClick={start} disabled={isReading || !isComplete(mapping) || rows === 0}>
        {t('import.start', { count: rows, rows: format.number(rows) })}
      </Button>
      <Text size="sm" role="status" mih="1.5em">
        {!isComplete(mapping) && t('import.incomplete')}
      </Text>
    </Stack>
  );
};
