import { z } from 'zod';
import { time } from '../fields.ts';

/** Servers on old images at a moment at which they were counted. */
export const burnDownPointSchema = z.object({ at: time, servers: z.int() });
export type BurnDownPoint = z.output<typeof burnDownPointSchema>;
