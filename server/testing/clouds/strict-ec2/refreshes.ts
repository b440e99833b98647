import {
  groupAnswer,
  groupRefusal,
  type Ec2Answer,
  type Ec2Request,
  elementsBelow,
} from './query.ts';
import { begin, desired, ended, findIrreversible, goOn, type Refresh } from './refresh-steps.ts';
import type { Pass, Rule } from './rules.ts';

// Instance refreshes, which moto does not have.

/** Groups exchange their instances, one refresh of a group at a time; what it leads to is theirs once it has ended well. */
export function refreshGroups(): Rule {
  const refreshes: Refresh[] = [];
  return async (request, pass) => {
    const { service, action, form, place } = request;
    if (service !== 'autoscaling') return pass(request);
    const ofGroup = refreshes.filter(
      (one) => one.place === place && one.group === form.get('AutoScalingGroupName'),
    );
    const active = ofGroup.find(({ status }) => !ended.has(status));
    switch (action) {
      case 'StartInstanceRefresh':
        return active
          ? groupRefusal('InstanceRefreshInProgress', 'An Instance Refresh is already in progress.')
          : start(request, pass, refreshes);
      case 'DescribeInstanceRefreshes':
        if (active) await goOn(active, request, pass);
        return describe(request, ofGroup);
      case 'CancelInstanceRefresh':
        return end(request, active, 'Cancelling');
      case 'RollbackInstanceRefresh':
        return (
          (active && (await findIrreversible(active, request, pass))) ??
          end(request, active, 'RollbackInProgress')
        );
      case 'DescribeAutoScalingGroups':
        return showBefore(
          await pass(request),
          refreshes.filter((one) => one.place === place),
        );
      default:
        return pass(request);
    }
  };
}

async function start(request: Ec2Request, pass: Pass, all: Refresh[]): Promise<Ec2Answer> {
  const begun = await begin(request, pass);
  if ('body' in begun) return begun;
  all.unshift(begun);
  return groupAnswer(request.action, `<InstanceRefreshId>${begun.id}</InstanceRefreshId>`);
}

function describe({ action, form }: Ec2Request, refreshes: readonly Refresh[]): Ec2Answer {
  const ids = [...form].flatMap(([key, id]) => (key.startsWith('InstanceRefreshIds.') ? id : []));
  const found = refreshes.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const members = found.map(toElement).join('');
  return groupAnswer(action, `<InstanceRefreshes>${members}</InstanceRefreshes>`);
}

function end({ action }: Ec2Request, active: Refresh | undefined, status: string): Ec2Answer {
  if (!active || active.status === 'Cancelling' || active.status === 'RollbackInProgress')
    return groupRefusal('ActiveInstanceRefreshNotFound', 'No in progress Instance Refresh found.');
  active.status = status;
  return groupAnswer(action, `<InstanceRefreshId>${active.id}</InstanceRefreshId>`);
}

/** AWS changes what a group is configured with when its refresh has succeeded. */
function showBefore(answer: Ec2Answer, refreshes: readonly Refresh[]): Ec2Answer {
  let { body } = answer;
  for (const { group, status, before } of refreshes) {
    if (ended.has(status) || before.element === '' || body.includes('<MixedInstancesPolicy>'))
      continue;
    const [head = '', ...rest] = body.split(
      `<AutoScalingGroupName>${group}</AutoScalingGroupName>`,
    );
    if (rest.length === 0) continue;
    const tail = rest.join(`<AutoScalingGroupName>${group}</AutoScalingGroupName>`);
    const next = tail.indexOf('<AutoScalingGroupName>');
    const own = next === -1 ? tail : tail.slice(0, next);
    const shown = own.replaceAll(/<LaunchTemplate>[\s\S]*?<\/LaunchTemplate>/g, before.element);
    body = `${head}<AutoScalingGroupName>${group}</AutoScalingGroupName>${shown}${next === -1 ? '' : tail.slice(next)}`;
  }
  return { ...answer, body };
}

function toElement(refresh: Refresh): string {
  const { id, group, status, reason, form, left, all } = refresh;
  const percentage =
    all === 0 ? (status === 'Successful' ? 100 : 0) : Math.round((100 * (all - left.length)) / all);
  return [
    `<member><InstanceRefreshId>${id}</InstanceRefreshId>`,
    `<AutoScalingGroupName>${group}</AutoScalingGroupName><Status>${status}</Status>`,
    reason === '' ? '' : `<StatusReason>${reason}</StatusReason>`,
    `<PercentageComplete>${percentage}</PercentageComplete>`,
    `<InstancesToUpdate>${left.length}</InstancesToUpdate>`,
    `<${desired}>${elementsBelow(form, desired)}</${desired}></member>`,
  ].join('');
}
