/** The path that Slipway is at on its host: empty, or such as `/slipway`. The server writes it into the page. */
export const basePath = readBasePath();

function readBasePath(): string {
  // Tests of what makes addresses run without a page.
  if (typeof document === 'undefined') return '';
  return document.querySelector<HTMLMetaElement>('meta[name="slipway-base"]')?.content ?? '';
}

/** The path of a page as the routes have it (util/paths.ts), of the path that the browser has. */
export function withoutBase(pathname: string): string {
  if (basePath === '' || !pathname.startsWith(basePath)) return pathname;
  return pathname.slice(basePath.length) || '/';
}
