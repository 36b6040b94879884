import { Alert, Group, Stack, Table, Text } from '@mantine/core';
import { type FC, memo, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../ui/format';
import { useNow } from '../../ui/now';
import type { Span, Window } from '../window/opening';
import { Band, BandAxis, Swatch } from './band';
import { localZone } from './local-moment';
import { axisFrom, type ClientGroup, type ZoneOpening, zoneOpenings } from './zones';

interface Props {
  readonly groups: readonly ClientGroup[];
  readonly window: Window | null;
  /** As far as they are typed. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
}

const SHOWN = 12;
/** Of the zones where nothing is sent. */
const NAMED = 5;
const MINUTE_MS = 60_000;

/** For each zone of the audience when its clients are sent to, by the viewer's clock: drawn, and in words beside. */
export const OpeningBands = memo<Props>(({ groups, window, startsAt, endsAt }) => {
  const { t } = useTranslation('mailings');
  const caption = useId();
  const minute = Math.floor(useNow() / MINUTE_MS) * MINUTE_MS;
  const period = useMemo(() => periodOf(startsAt, endsAt, minute), [startsAt, endsAt, minute]);
  const openings = useMemo(() => zoneOpenings(groups, window, period), [groups, window, period]);
  const least = openings.map(({ clients }) => clients).toSorted((one, other) => other - one)[SHOWN - 1] ?? 0;
  const shown = openings.filter(({ clients }) => clients >= least).slice(0, SHOWN);
  const missed = openings.filter(({ firstAt }) => firstAt === null);
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" id={caption}>
        {t('form.bands', { zone: localZone() })}
      </Text>
      <Table.ScrollContainer minWidth={600}>
        <Table aria-labelledby={caption} verticalSpacing={6} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('form.timezone')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('form.clients')}
              </Table.Th>
              <Table.Th scope="col">{t('form.open')}</Table.Th>
              <Table.Th scope="col">{t('form.sentFrom')}</Table.Th>
              <Table.Td w="34%" aria-hidden>
                <BandAxis axis={axisFrom(period.from)} />
              </Table.Td>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((opening) => (
              <Zone key={opening.zones[0]} opening={opening} period={period} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Legend more={groups.length - shown.flatMap(({ zones }) => zones).length} />
      {missed.length > 0 && <Missed zones={missed} />}
    </Stack>
  );
});

const Zone: FC<{ opening: ZoneOpening; period: Span }> = ({ opening, period }) => {
  const { t } = useTranslation('mailings');
  const format = useFormat();
  const clock = (at: number) => format.time(new Date(at).toISOString());
  const { zones, clients, hours, firstAt, spans } = opening;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} title={zones.join(', ')}>
        {zones[0]}
        {zones.length > 1 && (
          <Text size="xs" c="dimmed">
            {t('form.moreZones', { count: zones.length - 1 })}
          </Text>
        )}
      </Table.Th>
      <Table.Td ta="end" className="figures">
        {format.number(clients)}
      </Table.Td>
      <Table.Td className="figures" style={{ whiteSpace: 'nowrap' }}>
        {hours ? `${clock(hours.from)}–${clock(hours.until)}` : t(spans.length > 0 ? 'form.always' : 'form.never')}
      </Table.Td>
      <Table.Td className="figures" style={{ whiteSpace: 'nowrap' }}>
        {firstAt === null ? t('form.never') : format.near(new Date(firstAt).toISOString())}
      </Table.Td>
      <Table.Td aria-hidden>
        <Band spans={spans} period={period} />
      </Table.Td>
    </Table.Tr>
  );
};

const Legend: FC<{ more: number }> = ({ more }) => {
  const { t } = useTranslation('mailings');
  return (
    <Group gap="xs" fz="sm" c="dimmed">
      <Group gap={6} wrap="nowrap" aria-hidden>
        <Swatch kind="sent" /> {t('form.legend.sent')}
      </Group>
      <Group gap={6} wrap="nowrap" aria-hidden>
        <Swatch kind="open" /> {t('form.legend.open')}
      </Group>
      {more > 0 && <Text inherit>{t('form.moreZones', { count: more })}</Text>}
    </Group>
  );
};

const Missed: FC<{ zones: readonly ZoneOpening[] }> = ({ zones }) => {
  const { t } = useTranslation('mailings');
  const count = zones.reduce((sum, { clients }) => sum + clients, 0);
  const all = zones.flatMap((opening) => opening.zones);
  const names = all.slice(0, NAMED);
  if (all.length > NAMED) names.push(t('form.moreZones', { count: all.length - NAMED }));
  return (
    <Alert color="orange" role="status">
      {t('form.missed', { count, zones: names.join(', ') })}
    </Alert>
  );
};

/** What is past is not sent in. */
function periodOf(startsAt: string | null, endsAt: string | null, now: number): Span {
  const from = Math.max(startsAt ? Date.parse(startsAt) : now, now);
  return { from, until: endsAt ? Date.parse(endsAt) : Number.POSITIVE_INFINITY };
}
