import { Text } from '@mantine/core';
import type { FC, ReactNode } from 'react';

/** A name and a value in a list of facts (`dl`). */
export const Fact: FC<{ name: string; children: ReactNode }> = ({ name, children }) => (
  <div>
    <Text component="dt" size="sm" c="dimmed">
      {name}
    </Text>
    <Text component="dd" m={0} className="said">
      {children}
    </Text>
  </div>
);
