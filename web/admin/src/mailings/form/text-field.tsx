import { Text, Textarea } from '@mantine/core';
import type { FC } from 'react';
import { useTranslation } from 'react-i18next';

import { MAX_TEXT_LENGTH } from './check';
import type { FormOfMailing } from './form-of-mailing';
import { partsWithout, reckon } from './sms';

/** More than that are a language, not a slip. */
const FEW = 3;

export const TextField: FC<{ form: FormOfMailing }> = ({ form }) => {
  const { t } = useTranslation('mailings');
  const { text } = form.values;
  return (
    <Textarea
      label={t('form.text')}
      description={<Length text={text} />}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autosize
      minRows={4}
      maxRows={12}
      required
      {...form.getInputProps('text')}
    />
  );
};

const Length: FC<{ text: string }> = ({ text }) => {
  const { t } = useTranslation('mailings');
  const { encoding, parts, room, foreign } = reckon(text);
  const slips = foreign.length > 0 && foreign.length <= FEW ? foreign : [];
  const without = slips.length > 0 ? partsWithout(text, slips) : parts;
  return (
    <Text span inherit className="figures">
      {t('form.length', { length: [...text].length, most: MAX_TEXT_LENGTH })}
      {parts > 0 && ` · ${t('form.parts', { count: parts })} (${encoding}, ${t('form.room', { count: room })})`}
      {without < parts && ` · ${t('form.slips', { characters: slips.join(' '), count: without })}`}
    </Text>
  );
};
