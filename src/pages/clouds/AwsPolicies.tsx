import { awsActingPolicy, awsReadPolicy } from '#contract/clouds/aws-policies.ts';

import { CommandText } from '../../components/as-command/CommandText.tsx';

/** What to paste at AWS where rights are missing. */
export function AwsPolicies() {
  return (
    <>
      <details>
        <summary>The smallest policy to read</summary>
        <CommandText text={JSON.stringify(awsReadPolicy, null, 2)} />
      </details>
      <details>
        <summary>What to add to act</summary>
        <p>Leave out the parts that Slipway shall not do.</p>
        <CommandText text={JSON.stringify(awsActingPolicy, null, 2)} />
      </details>
    </>
  );
}
