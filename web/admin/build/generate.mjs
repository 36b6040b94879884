/**
 * Writes src/api/documents.ts: each operation of the .graphql files below src/ as a typed document, checked against the
 * API's schema. An operation that the schema does not allow ends this, and with it the build.
 */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { codegen } from '@graphql-codegen/core';
import * as documentNodes from '@graphql-codegen/typed-document-node';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import { parse, Source } from 'graphql';

const ADMIN = dirname(dirname(fileURLToPath(import.meta.url)));
const SCHEMA = join(ADMIN, '../../schema.graphql');
const SOURCES = join(ADMIN, 'src');
const GENERATED = join(SOURCES, 'api/documents.ts');

const CONFIG = {
  scalars: {
    DateTime: 'string',
    Date: 'string',
    LocalTime: 'string',
    PhoneNumber: 'string',
    TimeZone: 'string',
    ID: 'string',
  },
  strictScalars: true,
  enumType: 'string-literal',
  enumsAsTypes: true,
  useTypeImports: true,
  avoidOptionals: { field: true },
  immutableTypes: true,
  documentMode: 'documentNode',
  optimizeDocumentNode: true,
  dedupeFragments: true,
};

async function read(path) {
  return parse(new Source(await readFile(path, 'utf8'), relative(ADMIN, path)));
}

const paths = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.graphql')).sort();
const documents = await Promise.all(
  paths.map(async (name) => ({ location: name, document: await read(join(SOURCES, name)) })),
);
const written = await codegen({
  filename: GENERATED,
  schema: await read(SCHEMA),
  documents,
  config: CONFIG,
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations: operationTypes, documents: documentNodes },
});
await writeFile(
  GENERATED,
  `/* Generated from schema.graphql and the .graphql files beside their users. */\n${written}`,
);
