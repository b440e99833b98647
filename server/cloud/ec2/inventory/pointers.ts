import { GetParametersCommand, paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm';
import type { InventoryFact } from '../../inventory.ts';
import type { Ec2Region } from '../connection.ts';
import type { References } from './references.ts';

/** The most that it takes in one question. */
const atOnce = 10;
const pageSize = 50;

/** SSM parameters that hold the id of an image, and those that a template refers to, whatever they hold. */
export async function* scanPointers(
  region: Ec2Region,
  references: References,
): AsyncGenerator<InventoryFact[]> {
  const client = region.reader(SSMClient);
  const names = new Set(references.pointers);
  const all = region.pages((sending) =>
    paginateDescribeParameters({ client, pageSize }, {}, sending),
  );
  for await (const { Parameters = [] } of all)
    for (const { Name: name, DataType: type } of Parameters)
      if (name !== undefined && type === 'aws:ec2:image') names.add(name);
  const wanted = [...names].toSorted();
  for (let from = 0; from < wanted.length; from += atOnce)
    yield await readPointers(region, wanted.slice(from, from + atOnce));
}

async function readPointers(region: Ec2Region, names: readonly string[]): Promise<InventoryFact[]> {
  const command = new GetParametersCommand({ Names: [...names] });
  const { Parameters: found = [], InvalidParameters: absent = [] } = await region.ask(
    (_, sending) => region.reader(SSMClient).send(command, sending),
  );
  // A version or a label stands behind the name; one of another account goes by its ARN.
  const values = new Map(
    found.flatMap(({ Name, ARN, Selector = '', Value = '' }) =>
      [Name, ARN].map((name) => [`${name}${Selector}`, Value] as const),
    ),
  );
  return names.map((name) => {
    const value = values.get(name) ?? (absent.includes(name) ? '' : undefined);
    const words = `AWS does not say which image ${name} means.`;
    if (value === undefined) return { kind: 'unread', part: 'pointers', words };
    const cloudImageId = /^ami-[0-9a-f]+$/.test(value) ? value : undefined;
    return { kind: 'pointer', name, cloudImageId };
  });
}
