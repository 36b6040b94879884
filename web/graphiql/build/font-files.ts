/** GraphiQL's style sheet has its fonts in it, 36 of them, of which a page needs three or four. */

import { Buffer } from 'node:buffer';
import { posix } from 'node:path';
import type { Plugin } from 'vite';

const FONT = /url\(["']?data:font\/(\w+);(?:charset=[\w-]+;)?base64,([A-Za-z0-9+/=]+)["']?\)/g;

/** Makes each font in a built style sheet a file beside it, which browsers load when a text needs it. */
export function fontFiles(): Plugin {
  return {
    name: 'font-files',
    generateBundle(_, bundle) {
      for (const sheet of Object.values(bundle)) {
        if (sheet.type !== 'asset' || !sheet.fileName.endsWith('.css')) continue;
        sheet.source = sheet.source.toString().replace(FONT, (_url, type: string, base64: string) => {
          const font = this.emitFile({ type: 'asset', name: `font.${type}`, source: Buffer.from(base64, 'base64') });
          return `url(${posix.relative(posix.dirname(sheet.fileName), this.getFileName(font))})`;
        });
      }
    },
  };
}
