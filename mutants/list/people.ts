import type { Mutant } from '../mutant.ts';

/** What keeps people to what they were given. */
export const people: readonly Mutant[] = [
  {
    defect: 'the last administrator of Corporate can be taken away',
    file: 'server/domain/people/user-acts.ts',
    find: 'chiefsLeft > 0',
    replace: 'chiefsLeft >= 0',
    test: 'server/services/people/chiefs.test.ts',
    name: 'stays when two suspend each other at once',
  },
  {
    defect: 'who leaves a team keeps its rights',
    file: 'server/database/queries/people/entrance.ts',
    find: 'FROM held_grants g WHERE',
    replace: 'FROM grants g WHERE',
    test: 'server/services/people/people.test.ts',
    name: 'of a team is its members right with the next request',
  },
  {
    defect: 'an administrator suspends people beyond their reach',
    file: 'server/domain/people/user-acts.ts',
    find: 'user.beyond > 0 || (',
    replace: 'user.beyond < 0 || (',
    test: 'server/services/people/people.test.ts',
    name: 'is not for who reaches less than all that the user holds',
  },
  {
    defect: 'a right above is taken from below',
    file: 'server/database/queries/people/grants.ts',
    find: 'g.id = ${id} AND ${isAtOrBelow(',
    replace: 'g.id = ${id} OR ${isAtOrBelow(',
    test: 'server/services/people/people.test.ts',
    name: 'is given and taken at the administrator’s scope and below it',
  },
  {
    defect: 'an invitation hands out a link to be somebody who is there',
    file: 'server/services/people/users.ts',
    find: 'user === found ?',
    replace: 'user === undefined ?',
    test: 'server/services/people/people.test.ts',
    name: 'of somebody who is there gives the role, and nobody a link to be them',
  },
  {
    defect: 'a suspended user can sign in',
    file: 'server/database/queries/people/sessions.ts',
    find: ".where('id', '=', userId)\n        .where('status', '=', 'active')",
    replace: ".where('id', '=', userId)",
    test: 'server/services/people/people.test.ts',
    name: 'ends their sessions, links, streams and keys',
  },
  {
    defect: 'an owner acts on farms of others',
    file: 'server/database/queries/farms/farm-owners.ts',
    find: 'f.owner_id = ${userId} AND',
    replace: '${userId}::int IS NOT NULL AND',
    test: 'server/services/people/people.test.ts',
    name: 'acts on it with the right to view alone, and on no other farm',
  },
  {
    defect: 'farms go to somebody who does not see them',
    file: 'server/services/people/user-acts.ts',
    find: 'if (await isInAccount(ctx.tx, to, accountId)) continue;',
    replace: 'continue;',
    test: 'server/services/people/people.test.ts',
    name: 'hands over their farms, and keeps nothing',
  },
];
