import { apiBase } from '#contract/operations.ts';

import { requestOf } from '../../api/request.ts';
import type { AnyChange } from '../../api/request.ts';
import { basePath } from '../../util/base-path.ts';
import { shellWord } from '../../util/shell.ts';

/** The request that the page sends, signed by the script of the automation guide. */
export function curlCommand(change: AnyChange): string {
  const { method, url, body, ifMatch } = requestOf(change);
  return [
    'slipway-curl',
    method,
    shellWord(url.replace(basePath + apiBase, '')),
    ...(body === undefined ? [] : [shellWord(body)]),
    ...(ifMatch === undefined ? [] : ['--header', shellWord(`If-Match: ${ifMatch}`)]),
  ].join(' ');
}
