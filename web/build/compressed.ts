/** Each text file of the bundle once more as .br and .gz, so that the server compresses nothing while it serves. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg|ttf)$/;
const WORTH_IT_BYTES = 1_024;

const asBrotli = promisify(brotliCompress);
const asGzip = promisify(gzip);

/** Browsers ask for Brotli over TLS and from this machine only, hence both. */
export function compressed(): Plugin {
  return {
    name: 'compressed',
    async writeBundle({ dir = '.' }) {
      const names = (await readdir(dir, { recursive: true })).filter((name) => TEXT.test(name));
      await Promise.all(names.map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < WORTH_IT_BYTES) return;
  const size = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  await Promise.all([
    asBrotli(content, size).then((smaller) => writeFile(`${path}.br`, smaller)),
    asGzip(content, { level: 9 }).then((smaller) => writeFile(`${path}.gz`, smaller)),
  ]);
}
