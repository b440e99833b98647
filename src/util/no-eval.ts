/** Where zod looks for its settings: importing it here would bring it to the first page, which needs none of it. */
const settings = globalThis as { __zod_globalConfig?: { jitless: boolean } };

// The security policy allows no code made at run time, and browsers report even the try. Schemas decide when
// they are made, so this module comes before everything that makes some.
settings.__zod_globalConfig = { jitless: true };

export {};
