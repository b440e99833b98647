import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { DeliveryError } from './delivery.ts';
import { checkLiteralHost, PrivateAddressError, publicLookup } from './private-addresses.ts';

export interface WebhookSettings {
  url: string;
  secret: string;
  allowsPrivate: boolean;
}

const allowedBy = 'WEBHOOK_ALLOW_PRIVATE';

/** Answers after which another attempt may succeed, beside 5xx. */
const passing = [408, 425, 429];

/** What a webhook's receiver compares: docs/operations.md, "Mail and the webhook". */
export function signWebhook(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/**
 * Tells a webhook of an event, by one signed POST; redirects are not followed.
 * @throws DeliveryError for any answer but 2xx, and for an address that may not be asked
 */
export async function tellWebhook(
  settings: WebhookSettings,
  event: object,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const status = await post(settings, body, signal, {
    'content-type': 'application/json',
    'user-agent': 'Slipway',
    'x-slipway-timestamp': timestamp,
    'x-slipway-signature': signWebhook(settings.secret, timestamp, body),
  });
  if (status >= 200 && status < 300) return;
  throw new DeliveryError(`The webhook answered ${status}.`, {
    willPass: status >= 500 || passing.includes(status),
  });
}

async function post(
  { url, allowsPrivate }: WebhookSettings,
  body: string,
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<number> {
  const { protocol, hostname } = new URL(url);
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  try {
    if (!allowsPrivate) checkLiteralHost(hostname, allowedBy);
    return await new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        // A connection that is kept was not looked up for this request.
        agent: false,
        signal,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(!allowsPrivate && { lookup: publicLookup(allowedBy) }),
      };
      const sent = send(url, options, (answer) => {
        resolve(answer.statusCode ?? 0);
        // Nothing of it is of use; whoever sends without end is cut off.
        answer.destroy();
      });
      sent.on('error', reject);
      sent.end(body);
    });
  } catch (error) {
    throw new DeliveryError(error instanceof Error ? error.message : String(error), {
      willPass: !(error instanceof PrivateAddressError),
      cause: error,
    });
  }
}
