/** A list of the examples beside the editor: whoever has closed or changed a tab gets its example back. */

import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

import './examples-plugin.css';
import { EXAMPLES, type Example } from './examples';

export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: 'Examples', icon: BookmarkIcon, content: ExampleList };

function ExampleList() {
  const open = useOpenExample();
  return (
    <section aria-label="Examples">
      <div className="graphiql-doc-explorer-title">Examples</div>
      <ul className="examples">
        {EXAMPLES.map((example) => (
          <li key={example.name}>
            <button type="button" onClick={() => open(example)}>
              {example.name}
            </button>
            <p>{example.purpose}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows the example's tab if there still is one as it was, else a new tab. */
function useOpenExample(): (example: Example) => void {
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => ({
    tabs: state.tabs,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  const { addTab, changeTab } = useGraphiQLActions();
  return ({ query, variables }) => {
    const open = tabs.findIndex((tab) => tab.query === query && (tab.variables ?? '') === variables);
    if (open >= 0) {
      changeTab(open);
      return;
    }
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };
}

function BookmarkIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M6 3.75h12v16.5l-6-4.5-6 4.5z" strokeLinejoin="round" />
    </svg>
  );
}
