const longest = 1_500;

/** Whether a text is an address of Slipway's own pages: a path, which leads to no other host whatever it says. */
export function isOwnPath(text: string): boolean {
  if (text.length > longest || !/^\/(?![/\\])/.test(text)) return false;
  const url = URL.parse(text, 'http://slipway.invalid');
  return url?.host === 'slipway.invalid' && !/^\/(?:api|sign-in)(?:\/|$)/.test(url.pathname);
}
