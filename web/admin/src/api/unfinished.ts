/** Work that ends with the tab, such as an import half-way: browsers ask before the tab is closed or leads elsewhere. */

import { Store } from './store';

export const isUnfinished = new Store(false);

isUnfinished.subscribe(() => {
  if (isUnfinished.get()) window.addEventListener('beforeunload', warn);
  else window.removeEventListener('beforeunload', warn);
});

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
