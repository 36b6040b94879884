import { Anchor } from '@mantine/core';
import type { FC } from 'react';
import { Link } from 'react-router';

/** `mailing_7` → its page. Ids are the same here as in the API, the logs and the mails. */
export const ReferenceLink: FC<{ id: string }> = ({ id }) => (
  <Anchor component={Link} to={pathOf(id)} inherit underline="always">
    {id}
  </Anchor>
);

/** The page of `client_42`, `mailing_7` or `message_1001`. */
export function pathOf(id: string): string {
  return `/${id.slice(0, id.lastIndexOf('_'))}s/${id}`;
}
