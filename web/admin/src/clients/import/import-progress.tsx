/** An import that is under way, and what came of it. */

import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useStore } from '../../api/store';
import { Confirm } from '../../ui/confirm';
import { useFormat } from '../../ui/format';
import { ImportCounts } from './import-counts';
import type { Progress as Figures, ImportRun } from './import-run';
import { isOver } from './import-run';
import { Rejected } from './rejected';

const COLOURS = {
  running: 'blue',
  waiting: 'orange',
  paused: 'gray',
  failed: 'red',
  cancelled: 'gray',
  broken: 'red',
  done: 'teal',
} as const;

interface Props {
  readonly run: ImportRun;
  readonly onAnother: () => void;
}

export const ImportProgress: FC<Props> = ({ run, onAnother }) => {
  const { t } = useTranslation('clients');
  const figures = useStore(run.progress);
  return (
    <Stack>
      <Text fw={500} className="said">
        {run.source.file.name}
      </Text>
      <Bar figures={figures} whole={run.source.rows} />
      <State figures={figures} />
      {isOver(figures.state) ? (
        <Group>
          <Button component={Link} to="/clients">
            {t('import.toClients')}
          </Button>
          <Button variant="default" onClick={onAnother}>
            {t('import.another')}
          </Button>
        </Group>
      ) : (
        <Controls run={run} figures={figures} />
      )}
      <ImportCounts figures={figures} />
      {figures.rejected > 0 && <Rejected run={run} figures={figures} />}
    </Stack>
  );
};

const Bar: FC<{ figures: Figures; whole: number }> = ({ figures, whole }) => {
  const { t } = useTranslation('clients');
  const format = useFormat();
  const said = t('import.rowsOf', { rows: format.number(figures.rows), whole: format.number(whole) });
  return (
    <Stack gap={4}>
      <Progress.Root
        size="lg"
        role="progressbar"
        aria-label={t('import.progress')}
        aria-valuemin={0}
        aria-valuemax={whole}
        aria-valuenow={figures.rows}
        aria-valuetext={said}
      >
        <Progress.Section
          withAria={false}
          value={whole === 0 ? 100 : (figures.rows / whole) * 100}
          color={COLOURS[figures.state]}
        />
      </Progress.Root>
      <Text size="sm" className="figures">
        {said} ({format.share(figures.rows, whole)})
      </Text>
    </Stack>
  );
};

const State: FC<{ figures: Figures }> = ({ figures }) => {
  const { t } = useTranslation('clients');
  return (
    <Alert color={COLOURS[figures.state]} role="status">
      <Stack gap={4}>
        <Text fw={600}>{t(`import.state.${figures.state}`)}</Text>
        <span>{t(`import.stateText.${figures.state}`)}</span>
        {figures.failure && <span className="said">{figures.failure}</span>}
        {figures.wasRepeated && figures.state !== 'waiting' && <span>{t('import.repeated')}</span>}
      </Stack>
    </Alert>
  );
};

const Controls: FC<{ run: ImportRun; figures: Figures }> = ({ run, figures }) => {
  const { t } = useTranslation('clients');
  const [isAsking, { open, close }] = useDisclosure();
  const cancel = async () => {
    run.cancel();
    return null;
  };
  return (
    <Group>
      {figures.state === 'running' || figures.state === 'waiting' ? (
        <Button onClick={() => run.pause()}>{t('import.pause')}</Button>
      ) : (
        <Button onClick={() => run.resume()}>{t(`import.goOn.${figures.state === 'failed' ? 'again' : 'on'}`)}</Button>
      )}
      <Button variant="default" onClick={open}>
        {t('import.cancel')}
      </Button>
      <Confirm
        title={t('import.cancelTitle')}
        action={t('import.cancel')}
        isOpen={isAsking}
        onClose={close}
        onConfirm={cancel}
      >
        <Text>
          {t('import.cancelText', { count: figures.created + figures.updated })}{' '}
          {t('import.cancelRest', { count: Math.max(0, run.source.rows - figures.rows) })}
        </Text>
      </Confirm>
    </Group>
  );
};
