import { awsReadPolicy } from '../../contract/clouds/aws-policies.ts';
import { createEc2Driver } from '../../server/cloud/ec2/driver.ts';

// The part of scripts/try-aws.mjs that runs on the pinned Node.
const cloud = createEc2Driver({
  accountType: 'regular',
  key: undefined,
  role: undefined,
  regions: process.argv.slice(2),
  endpoint: undefined,
  isPublicOnly: true,
});
const options = { signal: AbortSignal.timeout(600_000) };

try {
  console.log(`AWS account ${await cloud.access.identify(options)}`);
  for (const { right, isThere, words } of await cloud.access.examine(options))
    console.log(`  ${isThere ? 'may ' : 'may not'} ${right}: ${words}`);
  for (const location of await cloud.inventory.locations(options))
    console.log(`${location.cloudLocation}: ${await count(location)}`);
} catch ({ message }) {
  console.error(
    `${message}\n\nThe least that it takes:\n${JSON.stringify(awsReadPolicy, null, 2)}`,
  );
  process.exitCode = 1;
}

/** How much of each kind is in a region, or why it cannot be read; the others are read all the same. */
async function count(location) {
  const counts = new Map();
  try {
    for await (const page of cloud.inventory.scan(location, options))
      for (const { kind, part, words } of page) {
        if (kind === 'unread') console.log(`  ${location.cloudLocation}, ${part}: ${words}`);
        else counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
  } catch ({ message }) {
    return message;
  }
  return [...counts].map(([kind, number]) => `${number} ${kind}s`).join(', ') || 'nothing';
}
