/** Stands for the id (of the kind named) at this place of its pool, or a cursor that was seen before; small places are exact. */
export interface Hole {
  pool: Pool;
  place: number;
  /** How the text of it is spoilt on the way. */
  spoil?: 'upper' | 'cut' | 'flip' | 'append';
}
export type Pool =
  | 'image'
  | 'imageSet'
  | 'role'
  | 'farm'
  | 'farmRole'
  | 'server'
  | 'roleCategory'
  | 'project'
  | 'apiKey'
  | 'replacement'
  | 'rollout'
  | 'cloudCredentials'
  | 'cloudImage'
  | 'policy'
  | 'policyEvaluation'
  | 'operation'
  | 'account'
  | 'environment'
  | 'user'
  /** Somebody who may be shut out; not whoever asks. */
  | 'member'
  | 'team'
  | 'grant'
  | 'cursor';
