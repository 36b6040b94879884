/** Who sits here, and what they may do. */

import { Center, Loader } from '@mantine/core';
import { createContext, type FC, type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { isReachable } from '../api/connection';
import { type Role, ViewerDocument, type ViewerQuery } from '../api/documents';
import { refusal } from '../api/session';
import { useStore } from '../api/store';
import { NotLetIn } from './not-let-in';
import { ServiceAway } from './service-away';
import { SignIn } from './sign-in';

export type Viewer = ViewerQuery['viewer'];

const ViewerContext = createContext<Viewer | null>(null);

/** Each role may do all that the ones before it may. */
const ROLES: readonly Role[] = ['VIEWER', 'OPERATOR', 'ADMIN'];

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('outside of ViewerGate');
  return viewer;
}

/** Whether the viewer's role suffices: what one may not do is not shown. */
export function useMay(role: Role): boolean {
  return ROLES.indexOf(useViewer().role) >= ROLES.indexOf(role);
}

/** Shows the pages to those who may see them, and to all others what they can do about it. */
export const ViewerGate: FC<{ children: ReactNode }> = ({ children }) => {
  const refused = useStore(refusal);
  const reachable = useStore(isReachable);
  const [{ data, error }] = useQuery({ query: ViewerDocument });
  if (refused) return <SignIn signInUrl={refused.signInUrl} />;
  if (data) return <ViewerContext value={data.viewer}>{children}</ViewerContext>;
  if (!reachable) return <ServiceAway />;
  return error?.graphQLErrors.length ? <NotLetIn error={error} /> : <Wait />;
};

const Wait: FC = () => {
  const { t } = useTranslation();
  return (
    <Center h="100vh" role="status" aria-label={t('loading')}>
      <Loader />
    </Center>
  );
};

/** For tests of what depends on it. */
export const ViewerForTests = ViewerContext;
