import type { Mutant } from '../mutant.ts';

const tampering = 'server/cli/tampering.test.ts';

/** What records are proof of, and what was here then. */
export const records: Mutant[] = [
  {
    defect: 'doctor does not look at the seals of entries',
    file: 'server/database/records/log-check.ts',
    find: 'if (own && !isOld && !isSameSeal(seal, own))',
    replace: 'if (false)',
    test: tampering,
    name: 'an entry edited, and the chain chained anew',
  },
  {
    defect: 'doctor looks at chains that have a counter alone',
    file: 'server/database/records/log-check.ts',
    find: 'UNION SELECT DISTINCT chain FROM operations_log',
    replace: '',
    test: tampering,
    name: 'an entry edited, and the counter of its chain deleted',
  },
  {
    defect: 'doctor does not compare what was noted outside',
    file: 'server/database/records/heads.ts',
    find: "WHERE there.hash IS DISTINCT FROM decode(noted.hash, 'hex')",
    replace: 'WHERE false',
    test: tampering,
    name: 'the tail cut, and the counter set back',
  },
  {
    defect: 'doctor takes a trigger that is switched off for one that is on',
    file: 'server/database/records/guards.ts',
    find: "t.tgenabled IN ('O', 'A') AND",
    replace: '',
    test: tampering,
    name: 'the trigger switched off',
  },
  {
    defect: 'doctor takes what nobody recorded for granted',
    file: 'server/database/records/state-check.ts',
    find: 'OR recorded.object IS NULL\n',
    replace: '\n',
    test: tampering,
    name: 'a right slipped in',
  },
  {
    defect: 'doctor does not look at the digest of what records begin with',
    file: 'server/database/records/begins.ts',
    find: 'if (objects !== begin.objects || !digest.equals(begin.digest))',
    replace: 'if (false)',
    test: tampering,
    name: 'the state that records begin with, edited',
  },
  {
    defect: 'doctor does not look at the seals of sign-ins',
    file: 'server/database/records/sign-in-chain.ts',
    find: 'if (!isSameSeal(row.seal, sealOfSignIn(seal, previous, row)))',
    replace: 'if (false)',
    test: tampering,
    name: 'who tried to sign in',
  },
  {
    defect: 'the cloud id of an image is not compared',
    file: 'server/database/mirrors/catalogue.ts',
    find: "cloudImageId: `coalesce(i.cloud_image_id, '')`",
    replace: "cloudImageId: { because: 'it is a defect' }",
    test: tampering,
    name: 'the cloud id of an image',
  },
  {
    defect: 'old records are deleted where they do not fit what is there',
    file: 'server/database/records/cut-log.ts',
    find: 'if (problems.length > 0) return { problems };',
    replace: '',
    test: 'server/database/records/cut-log.test.ts',
    name: 'is refused where records do not fit what is there',
  },
  {
    defect: 'what was here then has what came later',
    file: 'server/database/records/images-then.ts',
    find: 'i.added_at < ${at} AND NOT EXISTS (SELECT FROM next WHERE next.id::uuid = i.id)',
    replace: 'NOT EXISTS (SELECT FROM next WHERE next.id::uuid = i.id)',
    test: 'server/services/images/images-then.test.ts',
    name: 'lists what was there, as it was, whatever was done since',
  },
];
