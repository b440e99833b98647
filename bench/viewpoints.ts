import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '#server/database/connection/connection.ts';
import { addCandidates } from '#server/database/estate/large/candidates.ts';
import { findLandmarks, type Landmarks } from '#server/database/estate/large/landmarks.ts';

/** A scope from which lists are looked at. */
export interface Viewpoint {
  name: string;
  at: ScopeRef;
}

/** What of an estate is measured. */
export interface Subject {
  landmarks: Landmarks;
  viewpoints: Viewpoint[];
  /** Where `landmarks.pickerImage` has `candidates` possible replacements. */
  picker: ScopeRef;
  candidates: number;
}

const candidates = 25_000;

/** Finds what is measured in an estate, and adds what it lacks. */
export async function findSubject(db: Db): Promise<Subject> {
  const landmarks = await findLandmarks(db);
  return {
    landmarks,
    viewpoints: [
      { name: 'Corporate', at: { scope: 'scalr' } },
      { name: 'big account', at: landmarks.bigAccount },
      { name: 'typical account', at: landmarks.typicalAccount },
      { name: 'environment of the big account', at: landmarks.bigEnvironment },
    ],
    picker: await addCandidates(db, candidates, new Date()),
    candidates,
  };
}
