import { answerOf, changed, type Ec2Answer, type Ec2Request, refusal, valuesOf } from './query.ts';

/** Asks what stands behind. */
export type Pass = (request: Ec2Request) => Promise<Ec2Answer>;
/** One thing that EC2 does and moto does not; whatever is not its business it passes on. */
export type Rule = (request: Ec2Request, pass: Pass) => Promise<Ec2Answer>;

const remembered = new Set(['RunInstances', 'CopyImage', 'CreateLaunchTemplateVersion']);

/** A token makes one thing, however often and at once it is sent; for a launch that has ended it is refused. */
export function rememberTokens(): Rule {
  const known = new Map<string, { asked: string; answer: Promise<Ec2Answer> }>();
  return async (request, pass) => {
    const { action, form, place } = request;
    const token = form.get('ClientToken');
    if (token === null || !remembered.has(action)) return pass(request);
    const key = `${place} ${action} ${token}`;
    const before = known.get(key);
    if (before === undefined) {
      const answer = pass(request);
      known.set(key, { asked: form.toString(), answer });
      // What was refused has made nothing.
      if ((await answer).status >= 400) known.delete(key);
      return answer;
    }
    if (before.asked !== form.toString())
      return refusal('IdempotentParameterMismatch', 'The token was used for something else.');
    const answer = await before.answer;
    const [id] = valuesOf(answer, 'instanceId');
    if (id === undefined) return answer;
    const now = await pass(changed(request, 'DescribeInstances', { 'InstanceId.1': id }));
    return /<name>terminated<\/name>/.test(now.body)
      ? refusal('IdempotentInstanceTerminated', `The instance ${id} of this token has ended.`)
      : answer;
  };
}

/** No instance starts from an image that is not there. */
export const demandImage: Rule = async (request, pass) => {
  if (request.action !== 'RunInstances') return pass(request);
  return (await refuseAbsent(request, pass)) ?? pass(request);
};

/** moto says nothing of an image that was deleted, and refuses one that never was. */
async function refuseAbsent(request: Ec2Request, pass: Pass): Promise<Ec2Answer | undefined> {
  const id = request.form.get('ImageId') ?? '';
  const found = await pass(changed(request, 'DescribeImages', { 'ImageId.1': id }));
  if (found.status >= 400) return found;
  return valuesOf(found, 'imageId').includes(id)
    ? undefined
    : refusal('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
}

/** A list of images has no more than was asked for, and says where it goes on; one of instances does so in moto. */
export const inPages: Rule = async (request, pass) => {
  const { action, form } = request;
  const size = Number(form.get('MaxResults') ?? 0);
  if (size > 0 && size < 5)
    return refusal('InvalidParameterValue', `MaxResults is ${size}, and not at least 5.`);
  if (action !== 'DescribeImages' || size === 0) return pass(request);
  const from = Number(form.get('NextToken') ?? 0);
  const all = await pass(request);
  const ids = valuesOf(all, 'imageId');
  if (all.status >= 400 || ids.length === 0) return all;
  const wanted = ids.slice(from, from + size);
  const named = Object.fromEntries(wanted.map((id, n) => [`ImageId.${n + 1}`, id]));
  const page = await pass(changed(request, action, named));
  if (from + size >= ids.length) return page;
  const end = `</${action}Response>`;
  return { ...page, body: page.body.replace(end, `<nextToken>${from + size}</nextToken>${end}`) };
};

/** Images are deprecated from a moment on, and say so. */
export function deprecateImages(): Rule {
  const dates = new Map<string, string>();
  return async (request, pass) => {
    const { action, form, place } = request;
    const image = form.get('ImageId');
    if (action === 'DescribeImages') return withDates(await pass(request), place, dates);
    if (action !== 'EnableImageDeprecation' && action !== 'DisableImageDeprecation')
      return pass(request);
    const absent = await refuseAbsent(request, pass);
    if (absent) return absent;
    if (form.get('DryRun') === 'true')
      return refusal(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    const at = form.get('DeprecateAt');
    if (action === 'EnableImageDeprecation' && !(Date.parse(at ?? '') > Date.now()))
      return refusal('InvalidParameterValue', 'DeprecateAt has passed.');
    if (at === null) dates.delete(`${place} ${image}`);
    else dates.set(`${place} ${image}`, at);
    return answerOf(action, '<return>true</return>');
  };
}

function withDates(
  answer: Ec2Answer,
  place: string,
  dates: ReadonlyMap<string, string>,
): Ec2Answer {
  const body = answer.body.replaceAll(/<imageId>([^<]+)<\/imageId>/g, (element, id: string) => {
    const at = dates.get(`${place} ${id}`);
    return at === undefined ? element : `${element}<deprecationTime>${at}</deprecationTime>`;
  });
  return { ...answer, body };
}

/** The snapshots of an image go with it where that is asked for. */
export const deleteSnapshots: Rule = async (request, pass) => {
  const { action, form } = request;
  if (action !== 'DeregisterImage' || form.get('DeleteAssociatedSnapshots') !== 'true')
    return pass(request);
  const parameters = { 'ImageId.1': form.get('ImageId') ?? '' };
  const image = await pass(changed(request, 'DescribeImages', parameters));
  const answer = await pass(request);
  if (answer.status >= 400) return answer;
  for (const SnapshotId of valuesOf(image, 'snapshotId'))
    await pass(changed(request, 'DeleteSnapshot', { SnapshotId }));
  return answer;
};
