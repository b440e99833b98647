import { createTransport } from 'nodemailer';
import { mailAddress } from '#contract/fields.ts';
import { DeliveryError } from './delivery.ts';

export interface MailerSettings {
  url: string;
  demandsTls: boolean;
  from: { name: string; address: string };
}

export interface Mail {
  to: { name: string; address: string };
  subject: string;
  text: string;
  /** The same for every attempt at one mail, so that programs show it once. */
  token: string;
  /** Where whoever reads it says that they want no more of these. */
  unsubscribe?: string;
}

const patienceMs = 10_000;

/**
 * Sends one mail.
 * @throws DeliveryError with the server's words
 */
export async function sendMail(settings: MailerSettings, mail: Mail): Promise<void> {
  // nodemailer would take an address behind a line break for another recipient.
  if (!mailAddress.safeParse(mail.to.address).success)
    throw new DeliveryError('The mail address is not one.', { willPass: false });
  const { username, password, hostname, port, protocol } = new URL(settings.url);
  const transport = createTransport({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    secure: protocol === 'smtps:',
    requireTLS: settings.demandsTls,
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: settings.from,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.token}@${settings.from.address.split('@')[1]}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        ...(mail.unsubscribe !== undefined && { 'List-Unsubscribe': `<${mail.unsubscribe}>` }),
      },
    });
  } catch (error) {
    throw toDeliveryError(error);
  } finally {
    transport.close();
  }
}

/** What a server refuses with 5xx it refuses for good; everything else may pass. */
function toDeliveryError(error: unknown): DeliveryError {
  const { message, responseCode, response } = error as Error & {
    responseCode?: number;
    response?: string;
  };
  const words = response === undefined ? message : `The mail server said: ${response}`;
  return new DeliveryError(words, { willPass: (responseCode ?? 0) < 500, cause: error });
}
