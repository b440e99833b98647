/**
 * The header in which an act names the plan that was shown before it (docs/domain.md, "Acting on what was
 * shown"). By itself, since every page needs it and few need the schemas of plans.
 */
export const planDigestHeader = 'x-plan-digest';
