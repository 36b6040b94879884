import { Group, Text } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { isIdle } from '../mailings/window/use-closed';
import { WhyNothing } from '../mailings/window/why-nothing';
import { useFormat } from '../ui/format';
import { Moment } from '../ui/moment';
import type { Followed } from './active';
import { rate } from './rate';

/** How fast a mailing goes, when it will be through, and when it has to be. Nothing of one that is over. */
export const Outlook: FC<{ mailing: Followed }> = ({ mailing: { id, status, endsAt, progress } }) => {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const { messagesPerSecond, estimatedFinishAt } = progress;
  if (status !== 'RUNNING' && status !== 'PAUSED') return null;
  return (
    <Group gap="4px 16px" className="figures">
      {messagesPerSecond > 0 && <Fact>{t('rate', { rate: format.number(rate(messagesPerSecond)) })}</Fact>}
      {isIdle(status, progress) && (
        <Fact>
          <WhyNothing id={id} otherwise={t('nothingNow')} />
        </Fact>
      )}
      {estimatedFinishAt && (
        <Fact>
          {t('doneAt')} <Moment at={estimatedFinishAt} near distance />
          {Date.parse(estimatedFinishAt) > Date.parse(endsAt) && `, ${t('tooLate')}`}
        </Fact>
      )}
      <Fact>
        {t('endsAt')} <Moment at={endsAt} near distance />
      </Fact>
    </Group>
  );
};

const Fact: FC<{ children: ReactNode }> = ({ children }) => <Text size="sm">{children}</Text>;
