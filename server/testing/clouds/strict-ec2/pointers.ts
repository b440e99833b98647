import { changed, type Ec2Answer, type Ec2Request } from './query.ts';
import type { Pass, Rule } from './rules.ts';

const starting = new Set([
  'CreateAutoScalingGroup',
  'UpdateAutoScalingGroup',
  'TerminateInstanceInAutoScalingGroup',
]);
const named = 'resolve:ssm:';

/** An instance runs what the pointer of its template meant when it was started; moto says the pointer. */
export function resolvePointers(): Rule {
  const images = new Map<string, string>();
  const show = async (request: Ec2Request, answer: Ec2Answer, pass: Pass) => {
    let { body } = answer;
    const pointed =
      /<instanceId>([^<]+)<\/instanceId>(\s*)<imageId>(resolve:ssm:[^<]+)<\/imageId>/g;
    for (const [element, id = '', space = '', pointer = ''] of answer.body.matchAll(pointed)) {
      const image = images.get(id) ?? (await resolve(pointer, request, pass));
      images.set(id, image);
      body = body.replace(
        element,
        `<instanceId>${id}</instanceId>${space}<imageId>${image}</imageId>`,
      );
    }
    return { ...answer, body };
  };
  return async (request, pass) => {
    const answer = await pass(request);
    if (request.action === 'DescribeInstances') return show(request, answer, pass);
    if (starting.has(request.action)) {
      // moto has a hundred in a page, unless more are asked for.
      const all = changed(request, 'DescribeInstances', { MaxResults: '100000' }, 'ec2');
      await show(all, await pass(all), pass);
    }
    return answer;
  };
}

/** The image that something names, through the parameter of SSM that it names. */
export async function resolve(image: string, request: Ec2Request, pass: Pass): Promise<string> {
  if (!image.startsWith(named)) return image;
  const { headers } = changed(request, '', {}, 'ec2');
  const answer = await pass({
    ...request,
    json: JSON.stringify({ Name: image.slice(named.length) }),
    headers: {
      authorization: headers.authorization?.replace('/ec2/aws4_', '/ssm/aws4_') ?? '',
      'x-amz-target': 'AmazonSSM.GetParameter',
      'content-type': 'application/x-amz-json-1.1',
    },
  });
  return (JSON.parse(answer.body) as { Parameter?: { Value: string } }).Parameter?.Value ?? '';
}
