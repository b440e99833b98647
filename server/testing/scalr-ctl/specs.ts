import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Level } from '#contract/scope.ts';
import type { Swagger } from '#contract/specification/swagger.ts';
import type { Send } from '../cli-client.ts';

const parsed = fileURLToPath(new URL('../../../.cache/specifications/', import.meta.url));

/**
 * Downloads a specification, unsigned, and keeps it as JSON in a folder.
 * @throws Error unless the answer is 200
 */
export async function saveSpec(folder: string, level: Level, send: Send): Promise<void> {
  const url = `/api/${level}.v1beta0.yml`;
  const answer = await send({ method: 'GET', url, body: '', headers: {} });
  if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode}`);
  writeFileSync(fileOf(folder, level), toJson(answer.body));
}

/** The specification that a folder keeps, downloaded if it keeps none. */
export async function loadSpec(folder: string, level: Level, send: Send): Promise<Swagger> {
  if (!existsSync(fileOf(folder, level))) await saveSpec(folder, level, send);
  return JSON.parse(readFileSync(fileOf(folder, level), 'utf8')) as Swagger;
}

const fileOf = (folder: string, level: Level) => join(folder, `${level}.json`);

/** Half a second of work for each, and tests start this program a hundred times: the same text is read once. */
function toJson(yaml: string): string {
  const file = join(parsed, `${createHash('sha256').update(yaml).digest('hex')}.json`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const json = JSON.stringify(parse(yaml));
  mkdirSync(parsed, { recursive: true });
  const whole = `${file}.${randomUUID()}`;
  writeFileSync(whole, json);
  renameSync(whole, file);
  return json;
}
