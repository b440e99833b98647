// What somebody may do decides which scopes they see.
const rights = ['people', 'scopes', 'session'] as const;

/** What changes of people, teams and rights touch, and of what people are told of. */
export const peopleChanges = {
  subscriptionCreate: ['subscriptions'],
  subscriptionUpdate: ['subscriptions'],
  subscriptionDelete: ['subscriptions'],
  subscriptionEnd: ['subscriptions'],
  userInvite: rights,
  userInviteAgain: ['people'],
  userSuspend: ['people'],
  userRestore: ['people'],
  userEndSessions: ['people'],
  userResetSignIn: ['people'],
  userKeyDisable: ['people', 'keys'],
  // Farms change hands.
  userRemove: [...rights, 'farms'],
  teamCreate: ['people'],
  teamUpdate: ['people'],
  teamDelete: rights,
  teamMemberAdd: rights,
  teamMemberRemove: rights,
  grantCreate: rights,
  grantDelete: rights,
} as const;
