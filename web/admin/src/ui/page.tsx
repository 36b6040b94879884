import { Group, Stack, Title } from '@mantine/core';
import { type FC, type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  /** Also in the browser's tab. */
  readonly title: string;
  /** Beside the title, such as the status. */
  readonly beside?: ReactNode;
  /** What can be done here. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One page: its heading, what can be done, and its content. */
export const Page: FC<Props> = ({ title, beside, actions, children }) => {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="center" gap="sm">
        <Group gap="sm" miw={0}>
          <Title order={1} size="h2" className="said">
            {title}
          </Title>
          {beside}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
};
