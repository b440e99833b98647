import type { Mutant } from '../mutant.ts';

const test = 'server/fleet/notices.test.ts';
const queries = 'server/database/queries/people/notices.ts';

/** Who is told of what, and where to. */
export const subscriptions: readonly Mutant[] = [
  {
    defect: 'events of other accounts are told',
    file: queries,
    find: '(e.account_id = s.account_id',
    replace: '(e.account_id IS NOT NULL',
    test,
    name: 'is what happened at the scope, above it and below it, and nowhere else',
  },
  {
    defect: 'who may no longer see a scope hears of it',
    file: queries,
    find: 'AND ${isAbout} AND ${maySee}',
    replace: 'AND ${isAbout}',
    test,
    name: 'is nothing that one may no longer see',
  },
  {
    defect: 'farms of others are told of',
    file: queries,
    find: '(e.owner_id IS NULL OR e.owner_id = s.user_id)',
    replace: '(e.owner_id IS NULL OR e.owner_id > 0)',
    test,
    name: 'of farms on old images is told to their owner alone',
  },
  {
    defect: 'what happened before is told',
    file: queries,
    find: 'AND e.at > s.since',
    replace: "AND e.at > timestamptz '-infinity'",
    test,
    name: 'is nothing from before, and nothing while one wants to hear nothing',
  },
  {
    defect: 'people subscribe to what they may not see',
    file: 'server/services/people/subscriptions.ts',
    find: "if (at && ctx.can('view', at)) return at;",
    replace: 'if (at) return at;',
    test,
    name: 'is about what one may see',
  },
  {
    defect: 'webhooks lead into the private network',
    file: 'server/services/people/subscriptions.ts',
    find: 'checkLiteralHost(new URL(url).hostname, allowedBy);',
    replace: '',
    test,
    name: 'in a private network is refused when it is given, and when it is asked',
  },
  {
    defect: 'the address of a webhook is in the log',
    file: 'server/services/people/subscriptions.ts',
    find: '(URL.parse(url)?.host ?? null)',
    replace: 'url',
    test,
    name: 'keeps its secret nowhere in the clear',
  },
];
