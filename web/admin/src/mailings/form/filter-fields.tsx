import { Checkbox, Group, TagsInput, Text } from '@mantine/core';
import type { FC, KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from 'urql';

import { MailingFormChoicesDocument } from '../../api/documents';
import { useFormat } from '../../ui/format';
import type { FormOfMailing } from './form-of-mailing';
import type { ClientGroup } from './zones';

/** Whom the mailing is for. What the clients have is offered; what they may have one day can be typed. */
export const FilterFields: FC<{ form: FormOfMailing }> = ({ form }) => {
  const { t } = useTranslation('mailings');
  const [{ data }] = useQuery({ query: MailingFormChoicesDocument });
  return (
    <>
      <Choices
        label={t('form.codes')}
        description={t('form.codesHint')}
        groups={data?.audience.byOperatorCode ?? []}
        splitChars={[',', ';', ' ']}
        field={form.getInputProps('filter.operatorCodes')}
      />
      <Choices
        label={t('form.tags')}
        description={t('form.tagsHint')}
        groups={data?.audience.byTag.filter(({ value }) => value !== '') ?? []}
        // A tag may hold any of these.
        splitChars={[]}
        field={form.getInputProps('filter.tags')}
      />
      <Checkbox label={t('form.untagged')} {...form.getInputProps('filter.untagged', { type: 'checkbox' })} />
    </>
  );
};

interface ChoicesProps {
  readonly label: string;
  readonly description: string;
  readonly groups: readonly ClientGroup[];
  readonly splitChars: string[];
  readonly field: ReturnType<FormOfMailing['getInputProps']>;
}

const Choices: FC<ChoicesProps> = ({ groups, field, ...rest }) => {
  const format = useFormat();
  const totals = new Map(groups.map(({ value, total }) => [value, total]));
  return (
    <TagsInput
      {...rest}
      {...field}
      data={[...totals.keys()]}
      limit={100}
      wrapperProps={{ onKeyDown: keepInForm }}
      // Capital and small letters are not the same to the service.
      isDuplicate={(value, chosen) => chosen.includes(value)}
      renderOption={({ option: { value } }) => (
        <Group justify="space-between" wrap="nowrap" w="100%">
          <Text size="sm" className="said">
            {value}
          </Text>
          <Text size="sm" c="dimmed" className="figures">
            {format.number(totals.get(value) ?? 0)}
          </Text>
        </Group>
      )}
    />
  );
};

/**
 * Enter adds a value here; it must not send the form when there is none to add. For the element around the field: in
 * the field itself this came first, and there would be nothing left to do with the key.
 */
function keepInForm(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}
