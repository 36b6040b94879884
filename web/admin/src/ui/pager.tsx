import { Button, Group } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { FC, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import type { Order, PageInfo } from './keyset';

interface Props {
  readonly order: Order;
  readonly pageInfo: PageInfo;
  /** As in `useKeyset`. */
  readonly name?: string;
}

/** To the pages beside this one. Nothing where there are none. */
export const Pager: FC<Props> = ({ order, pageInfo, name = '' }) => {
  const { t } = useTranslation();
  const [address] = useSearchParams();
  const isAtStart = !address.has(`${name}after`) && !address.has(`${name}before`);
  const towardsEnd = pageInfo.hasNextPage ? placed(address, name, 'after', pageInfo.endCursor) : null;
  const towardsStart = pageInfo.hasPreviousPage ? placed(address, name, 'before', pageInfo.startCursor) : null;
  const [back, on] = order === 'oldest first' ? [towardsStart, towardsEnd] : [towardsEnd, towardsStart];
  if (!back && !on && isAtStart) return null;
  return (
    <Group component="nav" aria-label={t('pager.label')} justify="center" gap="xs">
      <Step to={isAtStart ? null : unplaced(address, name)}>{t('pager.first')}</Step>
      <Step to={back} left={<IconChevronLeft size={16} aria-hidden />}>
        {order === 'oldest first' ? t('pager.previous') : t('pager.newer')}
      </Step>
      <Step to={on} right={<IconChevronRight size={16} aria-hidden />}>
        {order === 'oldest first' ? t('pager.next') : t('pager.older')}
      </Step>
    </Group>
  );
};

const Step: FC<{ to: string | null; left?: ReactNode; right?: ReactNode; children: string }> = (props) => {
  const look = { variant: 'default', size: 'xs', leftSection: props.left, rightSection: props.right };
  if (props.to === null) {
    return (
      <Button {...look} disabled>
        {props.children}
      </Button>
    );
  }
  return (
    <Button {...look} component={Link} to={{ search: props.to }} preventScrollReset>
      {props.children}
    </Button>
  );
};

function placed(address: URLSearchParams, name: string, side: 'after' | 'before', cursor: string | null): string {
  const other = new URLSearchParams(unplaced(address, name));
  other.set(`${name}${side}`, cursor ?? '');
  return `?${other}`;
}

function unplaced(address: URLSearchParams, name: string): string {
  const other = new URLSearchParams(address);
  other.delete(`${name}after`);
  other.delete(`${name}before`);
  return `?${other}`;
}
