/** What the page says of who is signed in, and of who is not. */

import { type FC, useState } from 'react';

import './session-notice.css';
import { signOut, useSession } from './session';

/** "Ada Lovelace (admin)", with a button that ends that; nothing where nobody has signed in with this browser. */
export const WhoIsSignedIn: FC = () => {
  const { person } = useSession();
  const [problem, setProblem] = useState<string>();
  if (!person) return null;
  return (
    <span className="session">
      {person.name} ({person.role.toLowerCase()}){' '}
      <button type="button" onClick={async () => setProblem(await signOut())}>
        Sign out
      </button>
      {problem && <span role="alert"> {problem}</span>}
    </span>
  );
};

/** A line above everything, while there is something to tell. */
export const SessionNotice: FC = () => {
  const { isRefused, signInUrl, isSchemaHidden } = useSession();
  if (isRefused && signInUrl) {
    const here = encodeURIComponent(window.location.pathname);
    return (
      <p className="session-notice" role="status">
        You are not signed in, or not any more. <a href={`${signInUrl}?next=${here}`}>Sign in</a>
      </p>
    );
  }
  if (isRefused) {
    return (
      <p className="session-notice" role="status">
        The API asks for a token: write <code>{'{"Authorization": "Bearer …"}'}</code> into Headers.
      </p>
    );
  }
  if (isSchemaHidden) {
    return (
      <p className="session-notice" role="status">
        No documentation here: this service does not describe its API (<code>MAILING_GRAPHQL_INTROSPECTION</code>).
        Everything can be run all the same.
      </p>
    );
  }
  return null;
};
