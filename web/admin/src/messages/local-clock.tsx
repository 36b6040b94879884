import type { FC } from 'react';

import { useFormat } from '../ui/format';
import { useNow } from '../ui/now';

/** What the client's clock shows now. */
export const LocalClock: FC<{ timezone: string }> = ({ timezone }) => {
  const format = useFormat();
  return (
    <span className="figures">
      {format.time(new Date(useNow()).toISOString(), timezone)} ({timezone})
    </span>
  );
};
