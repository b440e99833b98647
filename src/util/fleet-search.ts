import { flagParam, idParam, patternParam, textParam } from './search-params.ts';
import type { SearchState } from './search-params.ts';
import { uuidPattern } from './uuid.ts';

/** What the address of a list of the fleet holds: whose, and what runs there. */
export const fleetParams = {
  query: textParam(),
  account: idParam(),
  environment: idParam(),
  owner: idParam(),
  role: idParam(),
  image: patternParam(uuidPattern),
  imageSet: idParam(),
  observed: flagParam(),
};

/** The same filters, as the server takes them. */
export function fleetFilters(state: SearchState<typeof fleetParams>) {
  return {
    query: state.query,
    account: state.account?.toString(),
    environment: state.environment?.toString(),
    owner: state.owner?.toString(),
    role: state.role?.toString(),
    image: state.image,
    imageSet: state.imageSet?.toString(),
    observed: state.observed,
  };
}
