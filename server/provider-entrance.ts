import { networkOf } from './auth/network.ts';
import { ProviderRefusal, type ProviderSettings } from './auth/provider.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import { recordFailedSignIn } from './database/queries/people/sign-ins.ts';
import type { ProviderEntrance } from './http/provider-routes.ts';
import { performInternally } from './perform.ts';
import { signInByProvider } from './services/people/provider-sign-in.ts';

const caller = { kind: 'system', name: 'system:sign-in' } as const;

/** Lets in whom the provider names, each in one unit of work. @param rules undefined where none is set up */
export function providerEntrance(
  db: Db,
  rules: ProviderSettings | undefined,
  secrets: SecretBox | undefined,
): ProviderEntrance {
  return {
    enter: async (person, { credentialOf, ...trace }) => {
      if (!rules) throw new ProviderRefusal('not-set-up');
      const step = {
        caller,
        operation: 'sessionCreateByProvider',
        scope: { scope: 'scalr' },
        trace,
        secrets,
        credentialOf,
      } as const;
      const done = await performInternally(db, step, (ctx) => signInByProvider(ctx, person, rules));
      if ('problem' in done) throw new ProviderRefusal(done.problem, done);
      return done.session;
    },
    refuse: (problem, { origin, email }) =>
      recordFailedSignIn(db, problem, {
        way: 'provider',
        origin,
        network: networkOf(origin),
        ...(email !== undefined && { email }),
      }),
  };
}
