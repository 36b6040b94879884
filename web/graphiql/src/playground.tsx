/** GraphiQL as this service shows it: with the schema's documentation open and an example in each tab. */

import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { useGraphiQL } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { type FC, useEffect } from 'react';

import { EXAMPLES } from './examples';
import { EXAMPLES_PLUGIN } from './examples-plugin';
import { createFetcher } from './fetcher';

const fetcher = createFetcher(new URL('/graphql', window.location.href));
const plugins = [HISTORY_PLUGIN, EXAMPLES_PLUGIN];

// On the first visit GraphiQL takes the first tab's operation from `defaultTabs`, but its variables only from here.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;
const firstVariables = isFirstVisit && EXAMPLES[0] ? { initialVariables: EXAMPLES[0].variables } : {};

export const Playground: FC = () => (
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={EXAMPLES}
    {...firstVariables}
    defaultEditorToolsVisibility="variables"
    plugins={plugins}
    visiblePlugin={DOC_EXPLORER_PLUGIN}
  >
    <GraphiQL.Logo>Mailing service</GraphiQL.Logo>
    <WrappedLines />
  </GraphiQL>
);

/** Beside the documentation the editor is narrow. GraphiQL wraps the lines of answers only. */
const WrappedLines: FC = () => {
  const editor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => editor?.updateOptions({ wordWrap: 'on', wrappingIndent: 'indent' }), [editor]);
  return null;
};
