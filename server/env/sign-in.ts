import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ProviderSettings } from '../auth/provider.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { flag, isHost } from './kinds.ts';

/** The ways in beside one-time links, already checked. */
export interface SignInEnv {
  /** People may have passwords and sign in with them. */
  passwords: boolean;
  /** Whether people may have passkeys, and whether a password takes one as well. */
  passkeys: 'off' | 'offered' | 'demanded';
  /** Undefined where nobody signs in by a provider of OpenID Connect. */
  provider: ProviderSettings | undefined;
}

export const SIGN_IN_USAGE = `  PASSWORDS            false to offer no passwords, and to accept none (default true)
  PASSKEYS             off to offer no passkeys, demanded to ask for one after each password (default offered)
  OIDC_ISSUER          the provider of OpenID Connect that people sign in by, such as
                       https://login.example.com/realms/main (default: none)
  OIDC_CLIENT_ID       what Slipway is called there
  OIDC_CLIENT_SECRET   its secret there; none for a public client
  OIDC_CLIENT_SECRET_FILE  a file that holds that secret
  OIDC_LABEL           what people call the provider, on its button (default your organisation)
  OIDC_ALLOWED_DOMAINS  domains of mail whose people may sign in without an invitation, separated by commas
  OIDC_GROUPS_CLAIM    the claim that lists somebody's groups, such as groups (default: groups decide nothing)
  OIDC_SCOPES          what is asked for (default openid email profile)
  OIDC_TRUST_EMAIL     true to take addresses as verified where the provider does not say (default false)`;

/** Encrypted, but for a provider on this very machine. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search !== '' || url.hash !== '' || text.includes('@')) return false;
  const isNear = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isNear);
}

export const signInSettings = {
  PASSWORDS: flag.default(true),
  PASSKEYS: z
    .enum(['off', 'offered', 'demanded'], 'must be off, offered or demanded')
    .default('offered'),
  OIDC_ISSUER: z
    .string()
    .refine(
      isIssuer,
      'must be https:// and what the provider calls itself, without a query; http:// on loopback alone',
    )
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_CLIENT_SECRET_FILE: z.string().optional(),
  OIDC_LABEL: z.string().max(60, 'must have at most 60 characters').default('your organisation'),
  OIDC_ALLOWED_DOMAINS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((domain) => domain.trim().toLowerCase())
        .filter((domain) => domain !== ''),
    )
    .refine(
      (domains) => domains.every((domain) => isHost(domain) && domain.includes('.')),
      'must be domains separated by commas, such as example.com',
    )
    .default([]),
  OIDC_GROUPS_CLAIM: z.string().optional(),
  OIDC_SCOPES: z
    .string()
    .refine(
      (scopes) => scopes.split(/\s+/).includes('openid'),
      'must be scopes separated by spaces, openid among them',
    )
    .default('openid email profile'),
  OIDC_TRUST_EMAIL: flag.default(false),
};

type Values = z.output<z.ZodObject<typeof signInSettings>>;

/** @throws StartError naming what is missing, or the file that cannot be read */
export function toSignInEnv(values: Values): SignInEnv {
  return { passwords: values.PASSWORDS, passkeys: values.PASSKEYS, provider: toProvider(values) };
}

function toProvider(values: Values): ProviderSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = values;
  if (issuer === undefined) return undefined;
  if (clientId === undefined)
    throw new StartError(
      'OIDC_ISSUER needs OIDC_CLIENT_ID as well: what Slipway is called at the provider.',
    );
  return {
    issuer,
    clientId,
    clientSecret: values.OIDC_CLIENT_SECRET ?? readSecret(values.OIDC_CLIENT_SECRET_FILE),
    scopes: values.OIDC_SCOPES,
    groupsClaim: values.OIDC_GROUPS_CLAIM,
    label: values.OIDC_LABEL,
    allowedDomains: values.OIDC_ALLOWED_DOMAINS,
    trustsEmail: values.OIDC_TRUST_EMAIL,
  };
}

function readSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartError(`OIDC_CLIENT_SECRET_FILE cannot be read: ${file}.`, { cause: error });
  }
}
