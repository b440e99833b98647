import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { Reader } from './reader.ts';

it('lets go whoever does not read, before that takes much memory', () => {
  // It never says that it is done with what it was given first.
  const answer = new Writable({ write: () => undefined });
  const reader = new Reader(answer);
  const scopes = [{ accountId: 1, revision: 1, fleet: 1, nouns: ['farms'] as const }];
  let told = 0;
  for (; !answer.destroyed && told < 100_000; told++)
    reader.tell({ position: 1, through: 1, everything: false, scopes });
  expect(answer.destroyed).toBe(true);
  expect(told).toBeLessThan(3_000);
});

it('says nothing to whoever has left, and nothing after the end', () => {
  const written: string[] = [];
  const answer = new Writable({
    write: (chunk, _encoding, done) => (written.push(String(chunk)), done()),
  });
  const reader = new Reader(answer);
  reader.beat(1);
  reader.end();
  reader.beat(2);
  answer.destroy();
  reader.beat(3);
  reader.end();
  expect(written).toEqual(['id: 1\nevent: beat\ndata: 1\n\n']);
});
