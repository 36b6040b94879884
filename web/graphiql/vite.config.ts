import { defineConfig } from 'vite';

import { compressed } from '../build/compressed.ts';
import { fontFiles } from './build/font-files.ts';

/** Builds into the Python package, which serves it at /docs/. Names in assets/ have a hash of the content in them. */
export default defineConfig({
  base: '/docs/',
  plugins: [fontFiles(), compressed()],
  worker: { format: 'es' },
  logLevel: 'warn',
  build: {
    outDir: '../../gql_api/docs/bundle',
    emptyOutDir: true,
    target: 'es2022',
    // Of all that is built in; the wheel passes it on.
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: { checks: { moduleLevelDirective: false, pluginTimings: false } },
  },
});
