import { z } from 'zod';

type Shape = Record<string, z.ZodType>;
type OptionalShape<S extends Shape> = { [K in keyof S]: z.ZodOptional<S[K]> };
type CreateShape<S extends Shape, Required extends keyof S> = {
  [K in keyof S]: K extends Required ? S[K] : z.ZodOptional<S[K]>;
};

/**
 * A resource written once: what is read, what may be given when it is created, what may change later.
 * The create and patch schemas follow from it, so the three cannot disagree.
 */
export function defineResource<
  ReadOnly extends Shape,
  CreateOnly extends Shape,
  Writable extends Shape,
  const Required extends readonly (keyof (CreateOnly & Writable) & string)[],
>(parts: {
  name: string;
  /** Set by Slipway; sending one is an error. */
  readOnly: ReadOnly;
  /** Given at creation, fixed from then on. */
  createOnly: CreateOnly;
  /** May be changed at any time. */
  writable: Writable;
  /** What a creation must name. */
  required: Required;
}) {
  const given = { ...parts.createOnly, ...parts.writable };
  const create = Object.fromEntries(
    Object.entries(given).map(([key, field]) => [
      key,
      parts.required.includes(key) ? field : z.optional(field),
    ]),
  ) as CreateShape<CreateOnly & Writable, Required[number]>;
  const patch = Object.fromEntries(
    Object.entries(parts.writable).map(([key, field]) => [key, z.optional(field)]),
  ) as OptionalShape<Writable>;
  return {
    name: parts.name,
    schema: z.object({ ...parts.readOnly, ...parts.createOnly, ...parts.writable }),
    create: z.strictObject(create),
    patch: z.strictObject(patch),
    readOnly: Object.keys(parts.readOnly),
    createOnly: Object.keys(parts.createOnly),
    required: parts.required as readonly string[],
  };
}
