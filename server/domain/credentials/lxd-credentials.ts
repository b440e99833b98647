import type { CloudCredentialsInput } from '#contract/clouds/cloud-credentials.ts';
import {
  type CredentialsPlan,
  type CredentialsSettings,
  invalid,
  pick,
} from './credentials-plan.ts';
import type { Refusal } from '../refusal.ts';

// What credentials of LXD must say: docs/domain.md, "Cloud credentials".

/**
 * @param before what they say now; undefined when they are new
 */
export function planLxd(
  before: CredentialsSettings | undefined,
  given: CloudCredentialsInput,
): CredentialsPlan | Refusal {
  const settings = {
    socket: pick(given.socket, before?.socket),
    url: pick(given.url, before?.url),
    clientCertificate: pick(given.clientCertificate, before?.clientCertificate),
    serverCertificate: pick(given.serverCertificate, before?.serverCertificate),
  };
  const { clientKey } = given;
  if ((settings.socket === null) === (settings.url === null))
    return invalid(
      'url',
      settings.url === null
        ? 'Where is LXD? Name its url, or the socket that it has on the machine of Slipway.'
        : 'LXD is at its url or at its socket: send null for the other.',
    );
  if (settings.url === null)
    return settings.clientCertificate === null &&
      settings.serverCertificate === null &&
      clientKey === undefined
      ? { settings, secrets: before?.url == null ? undefined : null }
      : invalid('socket', 'A socket takes no certificates and no key: send null for them.');
  if (settings.clientCertificate === null)
    return invalid(
      'clientCertificate',
      'An LXD that has a url needs to know Slipway by a certificate.',
    );
  const isNew =
    settings.url !== before?.url || settings.clientCertificate !== before?.clientCertificate;
  // Whoever may change an address must not be able to send a secret there that they do not know.
  if (isNew && clientKey === undefined)
    return invalid(
      'clientKey',
      'A new address or certificate needs the key anew: send clientKey too.',
    );
  return { settings, secrets: clientKey === undefined ? undefined : { clientKey } };
}
