import { DataList, Paper, Stack, Title } from '@mantine/core';
import type { FC, ReactNode } from 'react';

/** One side of the matter. */
export const FactCard: FC<{ title: string; children: ReactNode }> = ({ title, children }) => (
  <Paper component="section" withBorder p="md">
    <Stack gap="sm">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  </Paper>
);

export const Fact: FC<{ name: string; children: ReactNode }> = ({ name, children }) => (
  <DataList.Item>
    <DataList.ItemLabel>{name}</DataList.ItemLabel>
    <DataList.ItemValue className="said">{children}</DataList.ItemValue>
  </DataList.Item>
);
