/** Which page an address leads to. Each comes over the network when it is first wanted. */

import { type FC, lazy, Suspense } from 'react';
import { Route, Routes, useLocation } from 'react-router';

import { PageLoading } from '../ui/page-loading';
import { NotFound } from './not-found';
import { PageFault } from './page-fault';
import { pageFile } from './page-file';
import { useMay } from './viewer';

const Overview = lazy(pageFile(() => import('../overview/overview-page')));
const Mailings = lazy(pageFile(() => import('../mailings/mailings-page')));
const NewMailing = lazy(pageFile(() => import('../mailings/new-mailing-page')));
const Mailing = lazy(pageFile(() => import('../mailings/mailing-page')));
const EditMailing = lazy(pageFile(() => import('../mailings/edit-mailing-page')));
const Clients = lazy(pageFile(() => import('../clients/clients-page')));
const NewClient = lazy(pageFile(() => import('../clients/new-client-page')));
const ImportClients = lazy(pageFile(() => import('../clients/import-page')));
const Client = lazy(pageFile(() => import('../clients/client-page')));
const EditClient = lazy(pageFile(() => import('../clients/edit-client-page')));
const Message = lazy(pageFile(() => import('../messages/message-page')));
const Why = lazy(pageFile(() => import('../explanation/why-page')));
const Provider = lazy(pageFile(() => import('../provider/provider-page')));
const Report = lazy(pageFile(() => import('../report/report-page')));
const Tokens = lazy(pageFile(() => import('../tokens/tokens-page')));

export const Pages: FC = () => {
  const mayOperate = useMay('OPERATOR');
  const mayAdminister = useMay('ADMIN');
  const { pathname } = useLocation();
  return (
    <PageFault key={pathname}>
      <Suspense fallback={<PageLoading />}>
        {/* What one may not do is no page: without its route /clients/new would be the client called new. */}
        <Routes>
          <Route path="/" element={<Overview />} />
          <Route path="/mailings" element={<Mailings />} />
          <Route path="/mailings/new" element={mayOperate ? <NewMailing /> : <NotFound />} />
          <Route path="/mailings/:id" element={<Mailing />} />
          <Route path="/mailings/:id/edit" element={mayOperate ? <EditMailing /> : <NotFound />} />
          <Route path="/clients" element={<Clients />} />
          <Route path="/clients/new" element={mayOperate ? <NewClient /> : <NotFound />} />
          <Route path="/clients/import" element={mayOperate ? <ImportClients /> : <NotFound />} />
          <Route path="/clients/:id" element={<Client />} />
          <Route path="/clients/:id/edit" element={mayOperate ? <EditClient /> : <NotFound />} />
          <Route path="/messages/:id" element={<Message />} />
          <Route path="/why" element={<Why />} />
          <Route path="/provider" element={<Provider />} />
          <Route path="/report" element={mayAdminister ? <Report /> : <NotFound />} />
          <Route path="/tokens" element={mayAdminister ? <Tokens /> : <NotFound />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </PageFault>
  );
};
