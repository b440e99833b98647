import { z } from 'zod';

/** Says of members that are sent and never answered that they are; Swagger 2.0 has no word for it. */
export function markWriteOnly(keyword: 'writeOnly' | 'x-writeOnly') {
  return ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: object }): void => {
    if (z.globalRegistry.get(zodSchema)?.['writeOnly'] === true)
      Object.assign(jsonSchema, { [keyword]: true });
  };
}
