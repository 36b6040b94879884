/** The import of this tab, wherever in it people are. */

import i18next from 'i18next';

import { client } from '../../api/client';
import { isFromProxy, isReachable } from '../../api/connection';
import { ImportClientsDocument } from '../../api/documents';
import { sayProblem } from '../../api/problems';
import { Store } from '../../api/store';
import { isUnfinished } from '../../api/unfinished';
import { reasonOf } from '../../ui/failure';
import { type Answer, ImportRun, type Source } from './import-run';

/** The one that was started last, over or not; null before the first. */
export const currentImport = new Store<ImportRun | null>(null);

export function startImport(source: Source): void {
  const run = new ImportRun(source, send, untilReachable);
  currentImport.set(run);
  isUnfinished.set(true);
  void run.go().finally(() => {
    if (currentImport.get() === run) isUnfinished.set(false);
  });
}

async function send(csv: string): Promise<Answer> {
  const { data, error } = await client.mutation(ImportClientsDocument, { csv }).toPromise();
  const status = error?.response?.status ?? 0;
  if (isFromProxy(status)) return { isAway: true };
  // Not the API's own answer, but one that would come again and again: too large for a proxy, for instance.
  if (error?.networkError) return status >= 400 ? { failure: `HTTP ${status}` } : { isAway: true };
  if (!data) return { failure: error ? reasonOf(error, i18next.getFixedT(null, 'common')) : '' };
  const { importClients: result } = data;
  if (result.__typename === 'ClientsImported') return { taken: result };
  return { failure: result.problems.map(sayProblem).join(' ') };
}

function untilReachable(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isReachable.get()) return;
      stopListening();
      resolve();
    };
    const stopListening = isReachable.subscribe(look);
    look();
  });
}
