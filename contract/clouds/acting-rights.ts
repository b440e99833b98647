/** What Slipway may be allowed to change in a cloud, for each of its credentials. Reading needs none. */
export const actingRights = [
  'registerImages',
  'deprecateImages',
  'deleteImages',
  'launchServers',
  'terminateServers',
  'changeGroups',
  'publishPointers',
] as const;
export type ActingRight = (typeof actingRights)[number];

/** What each right allows, as words after "to". */
export const actingRightWords: Record<ActingRight, string> = {
  registerImages: 'make images',
  deprecateImages: 'deprecate images',
  deleteImages: 'delete images',
  launchServers: 'launch, resume and reboot servers',
  terminateServers: 'terminate and suspend servers',
  changeGroups: 'change groups of servers',
  publishPointers: 'publish pointers to the images of roles',
};

/** The sentence for a right that is off. */
export function rightIsOff(credentials: string, right: ActingRight): string {
  return `Cloud credentials "${credentials}" do not let Slipway ${actingRightWords[right]}. An administrator can turn that on.`;
}
