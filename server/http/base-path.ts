/**
 * The path that people see Slipway under: empty, or such as `/slipway`. Proxies pass it on, since signatures
 * are over it (docs/operations.md, "Behind a proxy").
 * @returns the address below it, or undefined for one that is not below it
 */
export function belowBase(url: string, basePath: string): string | undefined {
  const rest = url.startsWith(basePath) ? url.slice(basePath.length) : undefined;
  if (basePath === '' || rest === undefined || rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : undefined;
}
