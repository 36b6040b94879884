/** The page's policy lets only those style elements through that have the nonce which the page came with. */

declare global {
  /** Where get-nonce looks, which the library asks that keeps a page from scrolling behind a dialog. */
  var __webpack_nonce__: string | undefined;
}

export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

globalThis.__webpack_nonce__ = styleNonce;
