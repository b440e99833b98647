import { describe, expect, test } from 'vitest';

import { rowLabels } from './row-labels.ts';

const image = (name: string, ...details: string[]) => ({ name, details });
type Row = ReturnType<typeof image>;

function labelsOf(...rows: Row[]): string[] {
  const labels = rowLabels(
    rows,
    (row) => row.name,
    (row) => row.details,
  );
  return rows.map((row) => labels.get(row) ?? '');
}

describe('the names of rows', () => {
  test('a name that no other row has is enough', () => {
    expect(labelsOf(image('web', 'us-east-1'), image('db', 'us-east-1'))).toEqual(['web', 'db']);
  });

  test('rows of one name are told apart by what they differ in, and nothing else', () => {
    expect(
      labelsOf(
        image('web', 'us-east-1', 'x86_64', 'Acme', 'ami-1'),
        image('web', 'us-east-1', 'arm64', 'Acme', 'ami-2'),
        image('db', 'us-east-1', 'x86_64', 'Acme', 'ami-3'),
      ),
    ).toEqual(['web, x86_64', 'web, arm64', 'db']);
  });

  test('as many details are added as it takes', () => {
    expect(
      labelsOf(
        image('web', 'us-east-1', 'x86_64'),
        image('web', 'us-east-1', 'arm64'),
        image('web', 'eu-west-1', 'arm64'),
      ),
    ).toEqual(['web, us-east-1, x86_64', 'web, us-east-1, arm64', 'web, eu-west-1, arm64']);
  });
});
