import { config } from 'zod/v4/core';

// The security policy allows no code made at run time, and browsers report even the try. Schemas decide when
// they are made, so this module comes before everything that makes some.
config({ jitless: true });
