import { ApiError } from '#contract/errors.ts';
import { redeemFirstLink } from '../../auth/sign-in-links.ts';
import { upsertPassword } from '../../database/queries/people/passwords.ts';
import { fetchSession } from '../../database/queries/people/sessions.ts';
import { hasAdministrator } from '../../database/queries/people/sign-ins.ts';
import type { SomeHandlers } from '../context.ts';
import { beginSession } from './sessions.ts';
import { createUser } from './users.ts';

/** The first administrator, whom nobody could invite: docs/domain.md, "The first administrator". */
export const firstAdministratorHandlers = {
  firstAdministratorCreate: async (ctx, { body }) => {
    // The lock of Corporate is held: of two at once one is first.
    if (await hasAdministrator(ctx.tx))
      throw new ApiError(
        'UnacceptableState',
        'There is an administrator already, so this link makes no other one. Ask for an invitation.',
      );
    await redeemFirstLink(ctx.tx, body.token);
    const { email, name, password } = body;
    const role = 'administrator' as const;
    const userId = await createUser(ctx, { email, name, role, at: { scope: 'scalr' } });
    const { hash } = ctx.prepared;
    if (password !== undefined && hash === undefined) throw new Error('A password was not hashed');
    if (hash !== undefined) await upsertPassword(ctx.tx, userId, hash);
    const session = await beginSession(ctx, userId, 'link');
    return { data: await fetchSession(ctx.tx, userId), session };
  },
} satisfies SomeHandlers;
