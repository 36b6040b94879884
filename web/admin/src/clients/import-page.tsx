import { type FC, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useStore } from '../api/store';
import { Page } from '../ui/page';
import { currentImport } from './import/current';
import { FileDrop } from './import/file-drop';
import { ImportProgress } from './import/import-progress';
import { ImportSetUp } from './import/set-up';

/** Choose a file, say what is what in it, watch it go. */
const ImportPage: FC = () => {
  const { t } = useTranslation('clients');
  const run = useStore(currentImport);
  const [file, setFile] = useState<File | null>(null);
  const title = t('import.title');
  const another = () => {
    setFile(null);
    currentImport.set(null);
  };
  if (run) {
    return (
      <Page title={title}>
        <ImportProgress run={run} onAnother={another} />
      </Page>
    );
  }
  return (
    <Page title={title}>
      {file ? (
        <ImportSetUp key={`${file.name} ${file.lastModified}`} file={file} onOther={() => setFile(null)} />
      ) : (
        <FileDrop onFile={setFile} />
      )}
    </Page>
  );
};

export default ImportPage;
