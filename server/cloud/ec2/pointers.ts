import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { CloudPointers } from '../pointers.ts';
import type { AwsConnection } from './connection.ts';
import { orAbsent } from './errors.ts';

const noParameter = /^ParameterNotFound$/;

/** Parameters of SSM of the data type `aws:ec2:image`, which launch templates take as `resolve:ssm:NAME`. */
export function ec2Pointers(aws: AwsConnection): CloudPointers {
  return {
    put: async ({ name, cloudImageId, description, ...place }, options) => {
      const command = new PutParameterCommand({
        Name: name,
        Value: cloudImageId,
        Description: description,
        Type: 'String',
        DataType: 'aws:ec2:image',
        Overwrite: true,
      });
      const region = aws.at(place, options);
      await region.askOf(SSMClient, (ssm, sending) => ssm.send(command, sending));
    },
    remove: async ({ name, ...place }, options) => {
      const command = new DeleteParameterCommand({ Name: name });
      const region = aws.at(place, options);
      const asked = region.askOf(SSMClient, (ssm, sending) => ssm.send(command, sending));
      return (await orAbsent(asked, noParameter)) ? 'removed' : 'absent';
    },
  };
}
