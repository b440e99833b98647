// Writes the specifications that `scalr-ctl` downloads, from the contract. A test compares them.
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { emitSwagger } from '../contract/specification/swagger.ts';

for (const level of ['user', 'account', 'global']) {
  const file = new URL(`../contract/swagger/${level}.v1beta0.yml`, import.meta.url);
  // Texts in quotes: a date or a "yes" without them would be read as something else.
  const text = stringify(emitSwagger(level), {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
  await writeFile(file, text);
}
