/** What kinds of objects are called, in the singular, by their names in the log. */
export const kindWords = {
  account: 'account',
  apiKey: 'API key',
  cloudCredentials: 'cloud credentials',
  cloudImage: 'cloud image',
  costCenter: 'cost center',
  environment: 'environment',
  environmentCloud: 'cloud of an environment',
  farm: 'farm',
  farmRole: 'role of a farm',
  grant: 'right',
  image: 'image',
  imageSet: 'version',
  ownerAnswer: 'answer of an owner',
  ownerMessage: 'message to an owner',
  passkey: 'passkey',
  policy: 'policy',
  project: 'project',
  replacement: 'replacement',
  role: 'role',
  roleCategory: 'role category',
  rollout: 'rollout',
  server: 'server',
  team: 'team',
  teamMember: 'member of a team',
  session: 'session',
  user: 'user',
} as const;
export type OperationObjectKind = keyof typeof kindWords;
export const operationObjectKinds = Object.keys(kindWords) as [
  OperationObjectKind,
  ...OperationObjectKind[],
];
