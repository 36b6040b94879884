import { Button, Stack, Text, Title } from '@mantine/core';
import { Component, type FC, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Keeps a fault of one page from taking everything with it. A new address begins anew. */
export class PageFault extends Component<{ children: ReactNode }, { fault: Error | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override render() {
    return this.state.fault ? <Fault fault={this.state.fault} /> : this.props.children;
  }
}

const Fault: FC<{ fault: Error }> = ({ fault }) => {
  const { t } = useTranslation();
  return (
    <Stack align="flex-start" role="alert">
      <Title order={1}>{t('failure.page')}</Title>
      <Text>{t('failure.pageText')}</Text>
      <Text className="said" c="dimmed" size="sm">
        {String(fault)}
      </Text>
      {/* A page's file is gone once the service was upgraded: the new ones come with a reload. */}
      <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
    </Stack>
  );
};
