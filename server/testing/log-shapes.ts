import { z } from 'zod';
import { type Kind, recordedSchemas } from '#contract/records/recorded.ts';
import type { Db } from '../database/connection/connection.ts';

interface Part {
  object: string;
  before?: unknown;
  after?: unknown;
}

/**
 * Holds every entry of the log against the contract: each object of a kind has the members that its schema
 * has, no more and no fewer, with links as ids.
 * @returns what is wrong with which entry
 */
export async function findMisshapenEntries(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('operations_log')
    .where('shape', '=', 2)
    .select(['operation', 'revision', 'object', 'before', 'after', 'others', 'undo'])
    .execute();
  return rows.flatMap(({ operation, revision, object, before, after, others, undo }) => {
    const parts = [{ object, before, after }, ...((others ?? []) as Part[])];
    const problems = parts.flatMap(findProblems);
    if (before === null && after === null) problems.push(`${object} has nothing before and after`);
    if (undo !== null) problems.push(`${object} has undo`);
    return problems.map((problem) => `${operation} ${revision}: ${problem}`);
  });
}

function findProblems({ object, before, after, ...more }: Part): string[] {
  const kind = object.split(':')[0] as Kind;
  const schema = schemas[kind];
  if (!schema) return [`${object} is of no known kind`];
  const unknown = Object.keys(more).map((member) => `${object} has ${member}`);
  const wrong = [before, after].flatMap((value) => {
    const result = value == null ? undefined : schema.safeParse(value);
    return result?.error ? [`${object}: ${z.prettifyError(result.error)}`] : [];
  });
  return [...unknown, ...wrong];
}

const schemas: Partial<Record<Kind, z.ZodType>> = Object.fromEntries(
  Object.entries(recordedSchemas).map(([kind, schema]) => [kind, exactly(schema)]),
);

/** A schema whose objects have all of its members and no other; what must be asked for is never recorded. */
function exactly(schema: z.ZodObject): z.ZodType {
  const members = Object.entries(schema.shape).filter(
    ([, member]) => !(member instanceof z.ZodOptional),
  );
  return z.strictObject(
    Object.fromEntries(members.map(([name, member]) => [name, linked(member as z.ZodType)])),
  );
}

/** The schema of a member: an object with an id is a link, of which the id alone is kept. */
function linked(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodNullable) return linked(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodArray) return z.array(linked(schema.element as z.ZodType));
  if (!(schema instanceof z.ZodObject)) return schema;
  const { id } = schema.shape;
  return id instanceof z.ZodType ? z.strictObject({ id }) : exactly(schema);
}
