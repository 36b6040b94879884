import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';
import type { CombinedError } from 'urql';

import { isReachable } from '../api/connection';
import { problemsOf, sayProblem } from '../api/problems';
import { useStore } from '../api/store';

/** In place of what could not be had. While nobody can be reached the banner says so, and this waits with it. */
export const Failure: FC<{ error: CombinedError; onTryAgain?: () => void }> = ({ error, onTryAgain }) => {
  const { t } = useTranslation();
  const reachable = useStore(isReachable);
  const reason = useReason(error);
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t('failure.title')} role="alert">
      <Stack align="flex-start" gap="xs">
        <Text size="sm" className="said">
          {reachable ? reason : t('connection.away')}
        </Text>
        {onTryAgain && reachable && (
          <Button size="xs" variant="default" onClick={onTryAgain}>
            {t('tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
};

/** What went wrong, in a sentence for people. */
export function useReason(error: CombinedError): string {
  const { t } = useTranslation();
  return reasonOf(error, t);
}

export function reasonOf(error: CombinedError, t: TFunction): string {
  const [refusal] = error.graphQLErrors;
  if (!refusal) return t('failure.away');
  const { code, operationId } = refusal.extensions;
  if (code === 'FORBIDDEN') return t('failure.forbidden');
  if (code === 'INTERNAL_ERROR') return t('failure.unexpected', { operationId: String(operationId ?? '') });
  const problems = problemsOf(error);
  return problems.length > 0 ? problems.map(sayProblem).join(' ') : refusal.message;
}
