import type { Mutant } from '../mutant.ts';

const rule = 'server/domain/inventory/group-moves.ts';
const ruleTest = 'server/domain/inventory/group-moves.test.ts';
const steps = 'server/fleet/group-steps.ts';
const test = 'server/fleet/group-moves.test.ts';

/** How groups that something else runs are moved. */
export const groupMoves: readonly Mutant[] = [
  {
    defect: 'groups are moved where the right is off',
    file: rule,
    find: "if (cloud_rights.includes('changeGroups')) return undefined;",
    replace: "if (!cloud_rights.includes('publishPointers')) return undefined;",
    test: ruleTest,
    name: 'a group is not moved where the right is off',
  },
  {
    defect: 'a pointer with a version is moved',
    file: rule,
    find: "pointerName !== null && !pointerName.includes(':')",
    replace: 'pointerName !== null',
    test: ruleTest,
    name: 'a pointer with a version stands for what it stands for',
  },
  {
    defect: 'a group goes to an image of another place',
    file: rule,
    find: 'if (is_deprecated && successor?.is_same_place === false)',
    replace: 'if (is_deprecated && successor?.is_same_place === undefined)',
    test: ruleTest,
    name: 'a group is not moved where what does is elsewhere',
  },
  {
    defect: 'more members are ended than may be down',
    file: rule,
    find: 'Math.max(0, atOnce - down)',
    replace: 'atOnce',
    test: ruleTest,
    name: 'members are ended a batch at a time, and never more down than may be',
  },
  {
    defect: 'more of a group is down than may be, by rounding',
    file: rule,
    find: 'Math.ceil(100 - down)',
    replace: 'Math.floor(100 - down)',
    test: ruleTest,
    name: '1 of 3 down leaves 67 percent up',
  },
  {
    defect: 'a paused rollout goes on exchanging',
    file: steps,
    find: "if (task.rollout_state !== 'running') return",
    replace: "if (task.rollout_state === 'cancelled') return",
    test,
    name: 'that is paused exchanges no more',
  },
  {
    defect: 'what the undone rollout has under way goes on',
    file: 'server/services/rollouts/groups-back.ts',
    find: "undoneRefreshId: row.state === 'moving' ? row.refresh_id : null,",
    replace: 'undoneRefreshId: null,',
    test: 'server/fleet/group-moves.test.ts',
    name: 'has the cloud take back what is under way',
  },
  {
    defect: 'undone, a group goes to the image that it was moved to',
    file: 'server/services/rollouts/groups-back.ts',
    find: 'to: row.from_image,',
    replace: 'to: row.to_image,',
    test,
    name: 'undone at the end, brings back the image that ran before',
  },
  {
    defect: 'the other servers of a group are not said to move',
    file: 'server/services/rollouts/make-plan.ts',
    find: 'if (groups.size === 0) return [...chosen];',
    replace: 'if (groups.size >= 0) return [...chosen];',
    test,
    name: 'is moved as a whole, whichever of its servers is chosen',
  },
];
