/** GraphiQL as this service shows it: with the schema's documentation open and an example in each tab. */

import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { type FC, useEffect } from 'react';

import { EXAMPLES } from './examples';
import { EXAMPLES_PLUGIN } from './examples-plugin';
import { createFetcher } from './fetcher';
import { askWhoIsSignedIn, useSession } from './session';
import { SessionNotice, WhoIsSignedIn } from './session-notice';

const endpoint = new URL('/graphql', window.location.href);
const fetcher = createFetcher(endpoint);
const plugins = [HISTORY_PLUGIN, EXAMPLES_PLUGIN];

// On the first visit GraphiQL takes the first tab's operation from `defaultTabs`, but its variables only from here.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;
const firstVariables = isFirstVisit && EXAMPLES[0] ? { initialVariables: EXAMPLES[0].variables } : {};

export const Playground: FC = () => {
  useEffect(() => void askWhoIsSignedIn(endpoint), []);
  return (
    <div className="page">
      <SessionNotice />
      <GraphiQL
        fetcher={fetcher}
        defaultTabs={EXAMPLES}
        {...firstVariables}
        defaultEditorToolsVisibility="variables"
        plugins={plugins}
        visiblePlugin={DOC_EXPLORER_PLUGIN}
      >
        <GraphiQL.Logo>
          Mailing service <WhoIsSignedIn />
        </GraphiQL.Logo>
        <WrappedLines />
        <ExamplesWithoutSchema />
      </GraphiQL>
    </div>
  );
};

/** Beside the documentation the editor is narrow. GraphiQL wraps the lines of answers only. */
const WrappedLines: FC = () => {
  const editor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => editor?.updateOptions({ wordWrap: 'on', wrappingIndent: 'indent' }), [editor]);
  return null;
};

/** Where there is no schema to read, the examples are of more use than an error in its place. */
const ExamplesWithoutSchema: FC = () => {
  const { isRefused, isSchemaHidden } = useSession();
  const { setVisiblePlugin } = useGraphiQLActions();
  const hasNone = isRefused || isSchemaHidden;
  useEffect(() => {
    if (hasNone) setVisiblePlugin(EXAMPLES_PLUGIN);
  }, [hasNone, setVisiblePlugin]);
  return null;
};
