/** A policy of AWS, as one pastes it there. */
interface AwsPolicy {
  Version: '2012-10-17';
  Statement: readonly {
    Sid: string;
    Effect: 'Allow';
    Action: readonly string[];
    Resource: string;
  }[];
}

/** The least that Slipway needs to see what is there. */
export const awsReadPolicy: AwsPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'SlipwayReads',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeImages',
        'ec2:DescribeInstances',
        'ec2:DescribeLaunchTemplateVersions',
        'ec2:DescribeRegions',
        'autoscaling:DescribeAutoScalingGroups',
        'autoscaling:DescribeInstanceRefreshes',
        'autoscaling:DescribeLaunchConfigurations',
        'ssm:DescribeParameters',
        'ssm:GetParameters',
      ],
      Resource: '*',
    },
  ],
};

/** What it needs beside that for each of its rights; leave out those that stay off. */
export const awsActingPolicy: AwsPolicy = {
  Version: '2012-10-17',
  Statement: [
    allow('SlipwayMakesImages', 'CopyImage'),
    allow('SlipwayDeprecatesImages', 'EnableImageDeprecation', 'DisableImageDeprecation'),
    allow('SlipwayDeletesImages', 'DeregisterImage', 'DeleteSnapshot'),
    allow(
      'SlipwayLaunchesServers',
      'RunInstances',
      'CreateTags',
      'StartInstances',
      'RebootInstances',
    ),
    allow('SlipwayTerminatesServers', 'TerminateInstances', 'StopInstances'),
    {
      Sid: 'SlipwayChangesGroups',
      Effect: 'Allow',
      Action: [
        'ec2:CreateLaunchTemplateVersion',
        // AWS asks whether whoever changes what a group starts might start it.
        'ec2:RunInstances',
        'ec2:CreateTags',
        'iam:PassRole',
        'autoscaling:StartInstanceRefresh',
        'autoscaling:CancelInstanceRefresh',
        'autoscaling:RollbackInstanceRefresh',
        'autoscaling:UpdateAutoScalingGroup',
        'autoscaling:TerminateInstanceInAutoScalingGroup',
        'ssm:PutParameter',
      ],
      Resource: '*',
    },
    {
      Sid: 'SlipwayPublishesPointers',
      Effect: 'Allow',
      Action: ['ssm:PutParameter', 'ssm:DeleteParameter'],
      Resource: '*',
    },
  ],
};

function allow(Sid: string, ...calls: string[]): AwsPolicy['Statement'][number] {
  return { Sid, Effect: 'Allow', Action: calls.map((call) => `ec2:${call}`), Resource: '*' };
}
