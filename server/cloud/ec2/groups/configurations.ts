import type {
  AutoScalingGroup,
  DesiredConfiguration,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import { CloudError } from '../../call.ts';
import type { CloudGroupAim } from '../../groups.ts';
import type { Ec2Region } from '../connection.ts';

/** What a group starts its servers from, as far as a refresh can change it. */
type Configured = Pick<AutoScalingGroup, 'LaunchTemplate' | 'MixedInstancesPolicy'>;

/** @returns how a group names the version of a template that it starts servers from, if it does */
export function versionIn(configured: Configured, templateId: string): string | undefined {
  const mixed = configured.MixedInstancesPolicy?.LaunchTemplate;
  const specifications = [
    configured.LaunchTemplate,
    mixed?.LaunchTemplateSpecification,
    ...(mixed?.Overrides ?? []).map((own) => own.LaunchTemplateSpecification),
  ];
  const found = specifications.find((one) => one?.LaunchTemplateId === templateId);
  return found && (found.Version ?? '$Default');
}

/** What a group is configured with, but for the version of one template. */
export function configurationWith(
  { LaunchTemplate, MixedInstancesPolicy }: Configured,
  { templateId }: CloudGroupAim,
  version: string,
): DesiredConfiguration {
  const change = (one: LaunchTemplateSpecification | undefined) =>
    one && specify(one, one.LaunchTemplateId === templateId ? version : one.Version);
  if (!MixedInstancesPolicy?.LaunchTemplate) return { LaunchTemplate: change(LaunchTemplate) };
  const { LaunchTemplateSpecification: main, Overrides } = MixedInstancesPolicy.LaunchTemplate;
  const override = (own: LaunchTemplateOverrides) =>
    own.LaunchTemplateSpecification
      ? { ...own, LaunchTemplateSpecification: change(own.LaunchTemplateSpecification) }
      : own;
  return {
    MixedInstancesPolicy: {
      ...MixedInstancesPolicy,
      LaunchTemplate: {
        LaunchTemplateSpecification: change(main),
        ...(Overrides && { Overrides: Overrides.map(override) }),
      },
    },
  };
}

/** AWS answers with the id and the name of a template, and takes one of them. */
function specify(
  { LaunchTemplateId, LaunchTemplateName }: LaunchTemplateSpecification,
  Version: string | undefined,
): LaunchTemplateSpecification {
  return {
    ...(LaunchTemplateId === undefined ? { LaunchTemplateName } : { LaunchTemplateId }),
    ...(Version !== undefined && { Version }),
  };
}

/**
 * The number of a version that differs from another by its image alone: that one itself, where it has the image.
 * A number, since AWS rolls back nothing that names `$Latest` or `$Default`.
 */
export async function takeVersion(
  region: Ec2Region,
  version: string,
  { templateId, cloudImageId, token }: CloudGroupAim,
): Promise<string> {
  const known = await readVersion(region, templateId, version);
  if (known.image === cloudImageId) return known.number;
  const command = new CreateLaunchTemplateVersionCommand({
    LaunchTemplateId: templateId,
    SourceVersion: known.number,
    VersionDescription: `Slipway: ${cloudImageId}`,
    LaunchTemplateData: { ImageId: cloudImageId },
    ClientToken: token,
  });
  const { LaunchTemplateVersion: made } = await region.ask((ec2, to) => ec2.send(command, to));
  if (made?.VersionNumber === undefined)
    throw new CloudError(`AWS made a version of template ${templateId} and gave no number.`, {
      willPass: true,
    });
  return String(made.VersionNumber);
}

/** The image that a version names, perhaps by a pointer (`resolve:ssm:NAME`). */
export async function imageOfVersion(
  region: Ec2Region,
  templateId: string,
  version: string,
): Promise<string | undefined> {
  return (await readVersion(region, templateId, version)).image;
}

async function readVersion(region: Ec2Region, templateId: string, version: string) {
  const command = new DescribeLaunchTemplateVersionsCommand({
    LaunchTemplateId: templateId,
    Versions: [version],
  });
  const found = await region.ask((ec2, to) => ec2.send(command, to));
  const [one] = found.LaunchTemplateVersions ?? [];
  if (one?.VersionNumber === undefined)
    throw new CloudError(`Template ${templateId} has no version ${version} any more.`, {
      willPass: false,
    });
  return { number: String(one.VersionNumber), image: one.LaunchTemplateData?.ImageId };
}
