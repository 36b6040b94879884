import { Center, Stack, Text } from '@mantine/core';
import type { FC, ReactNode } from 'react';

/** Where there is nothing yet, or nothing that a filter lets through: why, and what to do first. */
export const EmptyState: FC<{ text: string; children?: ReactNode }> = ({ text, children }) => (
  <Center py="xl">
    <Stack align="center" gap="sm" maw={480} ta="center">
      <Text c="dimmed">{text}</Text>
      {children}
    </Stack>
  </Center>
);
