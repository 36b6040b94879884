import { Anchor } from '@mantine/core';
import type { FC, ReactNode } from 'react';
import { Link } from 'react-router';

/** `mailing_7` → its page. Ids are the same here as in the API, the logs and the mails. */
export const ReferenceLink: FC<{ id: string }> = ({ id }) => <NamedLink id={id}>{id}</NamedLink>;

/** The same under another name, such as a client's phone. */
export const NamedLink: FC<{ id: string; children: ReactNode }> = ({ id, children }) => (
  <Anchor component={Link} to={pathOf(id)} inherit underline="always">
    {children}
  </Anchor>
);

/** The page of `client_42`, `mailing_7` or `message_1001`. */
export function pathOf(id: string): string {
  return `/${id.slice(0, id.lastIndexOf('_'))}s/${id}`;
}
