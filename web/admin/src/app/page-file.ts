import { untilReachable } from '../api/connection';

/**
 * Loads the file of a page, and waits for the service if that is away: the banner says so meanwhile. Throws if the
 * service is there and has no such file any more, as after an upgrade.
 */
export function pageFile<Page>(load: () => Promise<Page>): () => Promise<Page> {
  return async () => {
    try {
      return await load();
    } catch {
      await untilReachable();
      return load();
    }
  };
}
