import { makeSeal } from '../database/connection/seal.ts';

/** The key for secrets of test databases. */
export const testSecretsKey = Buffer.alloc(32, 7);
/** What their records are sealed with. */
export const testSeal = makeSeal(testSecretsKey);
