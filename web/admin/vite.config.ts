import { defineConfig } from 'vitest/config';

import { compressed } from '../build/compressed.ts';

/** Builds into the Python package, which serves it at /. Names in assets/ have a hash of the content in them. */
export default defineConfig({
  plugins: [compressed()],
  logLevel: 'warn',
  build: {
    outDir: '../../gql_api/ui/bundle',
    emptyOutDir: true,
    target: 'es2022',
    // Small images would go into the style sheets as data, too; the policy that the page comes with is simpler without.
    assetsInlineLimit: 0,
    // Of all that is built in; the wheel passes it on.
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { moduleLevelDirective: false, pluginTimings: false },
      // What every page needs in one file: dozens of small ones compress worse and wait for one another.
      output: { codeSplitting: { groups: [{ name: 'frame', tags: ['$initial'] }] } },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/set-up.ts'],
    // A browser of its own for each file costs ten times what all tests take.
    pool: 'threads',
    isolate: false,
    sequence: { shuffle: { files: true } },
  },
});
