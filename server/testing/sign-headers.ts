import { sign } from '../auth/signature.ts';

export interface Key {
  id: string;
  secret: string;
}

/** The headers of a signed request. @param request with path and query, and its body as sent */
export function signHeaders(
  key: Key,
  { body, ...request }: { method: string; url: string; date: string; body: string },
): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-scalr-key-id': key.id,
    'x-scalr-date': request.date,
    'x-scalr-signature': sign({ ...request, body: Buffer.from(body) }, key.secret),
  };
}
