import {
  AutoScalingClient,
  type AutoScalingGroup,
  type LaunchTemplateSpecification,
  paginateDescribeAutoScalingGroups,
  paginateDescribeLaunchConfigurations,
} from '@aws-sdk/client-auto-scaling';
import type { BootSource, FoundGroup, FoundTemplate } from '../../inventory.ts';
import type { Ec2Region } from '../connection.ts';

/** Its own most. */
const pageSize = 100;

/** Auto Scaling groups. */
export async function* scanGroups(region: Ec2Region): AsyncGenerator<FoundGroup[]> {
  const client = region.reader(AutoScalingClient);
  const groups = region.pages((sending) =>
    paginateDescribeAutoScalingGroups({ client, pageSize }, {}, sending),
  );
  for await (const { AutoScalingGroups: page = [] } of groups) yield page.map(toGroup);
}

/** Launch configurations, which are templates without versions. */
export async function* scanConfigurations(region: Ec2Region): AsyncGenerator<FoundTemplate[]> {
  const client = region.reader(AutoScalingClient);
  const configurations = region.pages((sending) =>
    paginateDescribeLaunchConfigurations({ client, pageSize }, {}, sending),
  );
  for await (const { LaunchConfigurations: page = [] } of configurations)
    yield page.map(({ LaunchConfigurationName: name = '', ImageId }) =>
      toConfiguration(name, ImageId),
    );
}

function toGroup(group: AutoScalingGroup): FoundGroup {
  const name = group.AutoScalingGroupName ?? '';
  return {
    kind: 'group',
    // Instances name it in a tag, and names are unique in a region.
    groupId: name,
    name,
    boots: bootsOf(group),
    minimum: group.MinSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    maximum: group.MaxSize ?? 0,
    tags: Object.fromEntries(
      (group.Tags ?? []).flatMap(({ Key, Value = '' }) =>
        Key === undefined ? [] : [[Key, Value]],
      ),
    ) as Record<string, string>,
  };
}

/** A mixed policy has a template for all, and others for some types of instances. */
function bootsOf(group: AutoScalingGroup): BootSource[] {
  const mixed = group.MixedInstancesPolicy?.LaunchTemplate;
  const specifications = [
    group.LaunchTemplate,
    mixed?.LaunchTemplateSpecification,
    ...(mixed?.Overrides ?? []).map(({ LaunchTemplateSpecification: own }) => own),
  ];
  const images = (mixed?.Overrides ?? []).flatMap(({ ImageId }) => ImageId ?? []);
  const boots: BootSource[] = [
    ...specifications.flatMap(toBoot),
    ...images.map((cloudImageId) => ({ kind: 'image' as const, cloudImageId })),
    ...(group.LaunchConfigurationName === undefined
      ? []
      : [{ kind: 'template' as const, templateId: group.LaunchConfigurationName, version: '' }]),
  ];
  return [...new Map(boots.map((boot) => [JSON.stringify(boot), boot])).values()];
}

function toBoot(specification: LaunchTemplateSpecification | undefined): BootSource[] {
  const { LaunchTemplateId: templateId, Version: version = '$Default' } = specification ?? {};
  return templateId === undefined ? [] : [{ kind: 'template', templateId, version }];
}

function toConfiguration(name: string, cloudImageId: string | undefined): FoundTemplate {
  return {
    kind: 'template',
    templateId: name,
    name,
    version: '',
    isLatest: true,
    isDefault: true,
    cloudImageId,
    pointerName: undefined,
  };
}
