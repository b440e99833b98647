import type { Mutant } from '../mutant.ts';
import { browser } from './browser.ts';
import { catalogueRules } from './catalogue-rules.ts';
import { cloudCredentials } from './cloud-credentials.ts';
import { contract } from './contract.ts';
import { database } from './database.ts';
import { fleetLoops } from './fleet-loops.ts';
import { fleetRules } from './fleet-rules.ts';
import { flowRules } from './flow-rules.ts';
import { groupMoves } from './group-moves.ts';
import { inventory } from './inventory.ts';
import { page } from './page.ts';
import { passkeys } from './passkeys.ts';
import { policies } from './policies.ts';
import { people } from './people.ts';
import { production } from './production.ts';
import { records } from './records.ts';
import { requests } from './requests.ts';
import { services } from './services.ts';
import { subscriptions } from './subscriptions.ts';
import { signIn } from './sign-in.ts';
import { sessionsAndKeys } from './sessions-and-keys.ts';
import { versionRules } from './version-rules.ts';

/** Those that take longest come first, so that no worker waits for them at the end. */
export const mutants: readonly Mutant[] = [
  ...browser,
  ...database,
  ...services,
  ...fleetLoops,
  ...groupMoves,
  ...records,
  ...requests,
  ...signIn,
  ...sessionsAndKeys,
  ...production,
  ...passkeys,
  ...subscriptions,
  ...catalogueRules,
  ...flowRules,
  ...versionRules,
  ...policies,
  ...fleetRules,
  ...cloudCredentials,
  ...people,
  ...inventory,
  ...page,
  ...contract,
];
