/**
 * What can be wrong when somebody comes back from the provider, by the name that the address of the sign-in page
 * and the records have for it: docs/domain.md, "Signing in by a provider".
 */
export const signInProblems = {
  'not-set-up': 'Signing in by a provider is not set up here. Sign in in another way.',
  unreachable:
    'The provider did not answer, or not as a provider does. Try again in a moment; if it stays so, tell whoever runs Slipway.',
  denied:
    'The provider did not let you in: you, or it, refused. Try again, or sign in in another way.',
  'provider-error':
    'The provider reported an error, so nobody was signed in. Tell whoever runs Slipway: the log has its words.',
  'too-late':
    'This sign-in was begun more than 10 minutes ago, is over already, or was begun in another browser. Begin again.',
  'mixed-up':
    'The answer of the provider belongs to another sign-in, perhaps one that was begun in another tab. Begin again.',
  'code-refused':
    'The provider did not accept its own code: it was used already, or is too old. Begin again.',
  'not-trusted':
    'What the provider answered could not be checked: its signature, its time or what it was made for is wrong. Begin again; if it stays so, tell whoever runs Slipway.',
  'no-email':
    'The provider did not say which e-mail address is yours. Tell whoever runs Slipway: it must give the claim “email”.',
  unverified:
    'The provider does not vouch for your e-mail address. Confirm the address there, then sign in again.',
  'unknown-person':
    'Nobody with your e-mail address was invited to Slipway. Ask an administrator to invite you.',
  suspended: 'Your user is suspended. Ask an administrator to restore it.',
  taken:
    'Your e-mail address belongs to a user who signs in by another account of this provider. Ask an administrator.',
  'no-administrator':
    'Slipway has no administrator yet. The first one is created with the link that Slipway prints when it starts.',
  'too-many': 'Too many attempts to sign in came from your address. Wait a minute, then try again.',
  busy: 'Slipway could not finish this sign-in just now. Try again in a moment.',
} as const;

export type SignInProblem = keyof typeof signInProblems;

/** Whether a text from an address names a problem. */
export function isSignInProblem(text: string | null): text is SignInProblem {
  return text !== null && Object.hasOwn(signInProblems, text);
}
