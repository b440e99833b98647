import { z } from 'zod';
import { mailAddress } from '#contract/fields.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { flag } from './kinds.ts';

/** How owners of farms are reached, already checked. */
export interface ContactEnv {
  /** Undefined where no mail is sent. */
  smtp: SmtpSettings | undefined;
  /** Undefined where nothing is told by webhook. */
  webhook: WebhookSettings | undefined;
  /** Webhooks, those of people too, may be at loopback, private and link-local addresses. */
  allowsPrivateWebhooks: boolean;
}

export interface SmtpSettings {
  /** `smtp://` (STARTTLS where the server offers it) or `smtps://`, with user and password where there are any. */
  url: string;
  /** STARTTLS or nothing. */
  demandsTls: boolean;
  /** The sender: an address, perhaps with a name. */
  from: { name: string; address: string };
}

export interface WebhookSettings {
  url: string;
  /** What each request is signed with. */
  secret: string;
  /** Loopback, private and link-local addresses may be asked. */
  allowsPrivate: boolean;
}

export const CONTACT_USAGE = `  SMTP_URL             the mail server for messages to owners of farms, such as smtps://user:password@mail.example.com
                       (default: no mail is sent)
  SMTP_FROM            who they come from, such as Slipway <slipway@example.com>
  SMTP_REQUIRE_TLS     false to send through smtp:// also where the server offers no TLS; always so on loopback
                       (default true)
  WEBHOOK_URL          is told of each message as well, by a signed POST (default: nobody)
  WEBHOOK_SECRET       what it is signed with, 16 characters or more
  WEBHOOK_ALLOW_PRIVATE  true to let that be a loopback, private or link-local address (default false)`;

const sender = /^(?:([^<>"]*)<([^<>\s]+)>|([^<>\s]+))$/;

function parseSender(text: string): SmtpSettings['from'] | undefined {
  const [, name = '', inBrackets, alone] = sender.exec(text) ?? [];
  const address = inBrackets ?? alone ?? '';
  return mailAddress.safeParse(address).success ? { name: name.trim(), address } : undefined;
}

/** Whether it is a URL of one of these schemes, with a host and nothing behind it that would be ignored. */
function isUrl(text: string, schemes: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && schemes.includes(url.protocol) && url.hostname !== '' && url.hash === '';
}

/** Whether a webhook may be there. */
export function isWebhookUrl(text: string): boolean {
  return isUrl(text, ['http:', 'https:']) && !text.includes('@');
}

export const contactSettings = {
  SMTP_URL: z
    .string()
    .refine(
      (text) => isUrl(text, ['smtp:', 'smtps:']) && /^[^:]+:\/\/[^/?]+\/?$/.test(text),
      'must be smtp:// or smtps://, perhaps user:password@ (percent-encoded), and a host, such as smtps://mail.example.com:465',
    )
    .optional(),
  SMTP_FROM: z
    .string()
    .refine(
      (text) => parseSender(text) !== undefined,
      'must be a mail address, such as slipway@example.com or Slipway <slipway@example.com>',
    )
    .transform(parseSender)
    .optional(),
  SMTP_REQUIRE_TLS: flag.default(true),
  WEBHOOK_URL: z
    .string()
    .refine(isWebhookUrl, 'must be http:// or https://, and a host, without a user or a password')
    .optional(),
  WEBHOOK_SECRET: z.string().min(16, 'must have 16 characters or more').optional(),
  WEBHOOK_ALLOW_PRIVATE: flag.default(false),
};

type Values = z.output<z.ZodObject<typeof contactSettings>>;

/** @throws StartError naming what is missing */
export function toContactEnv(values: Values): ContactEnv {
  const allowsPrivateWebhooks = values.WEBHOOK_ALLOW_PRIVATE;
  return { smtp: toSmtp(values), webhook: toWebhook(values), allowsPrivateWebhooks };
}

function toSmtp({ SMTP_URL: url, SMTP_FROM: from, SMTP_REQUIRE_TLS }: Values): ContactEnv['smtp'] {
  if (url === undefined) return undefined;
  if (from === undefined)
    throw new StartError('SMTP_URL needs SMTP_FROM as well: the address that messages come from.');
  const { hostname, protocol } = new URL(url);
  const isNear = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { url, from, demandsTls: protocol === 'smtp:' && SMTP_REQUIRE_TLS && !isNear };
}

function toWebhook(values: Values): ContactEnv['webhook'] {
  const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = values;
  if (url === undefined) return undefined;
  if (secret === undefined)
    throw new StartError(
      'WEBHOOK_URL needs WEBHOOK_SECRET as well: what requests are signed with.',
    );
  return { url, secret, allowsPrivate: values.WEBHOOK_ALLOW_PRIVATE };
}
