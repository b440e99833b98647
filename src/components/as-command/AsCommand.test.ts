import { expect, it } from 'vitest';

const files = import.meta.glob<string>('/src/{components,layouts,pages}/**/*.tsx', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function filesWith(pattern: RegExp): string[] {
  return Object.entries(files)
    .filter(([, text]) => pattern.test(text))
    .map(([path]) => path.replace('/src/', ''))
    .toSorted();
}

it('everything that changes something shows it as a command', () => {
  const changing = filesWith(
    /\.mutate\(|\.plan\(|useFormChange\(|useNewVersion\(|useReplacement\(/,
  );
  // What useFormChange gives, `sending`, has the changes with it.
  const showing = new Set(filesWith(/\bchanges?=\{|\.\.\.plan\(|\bsending\b/));
  expect(changing.filter((path) => !showing.has(path))).toEqual([
    // Signing in and out is for browsers.
    'components/live/ConfirmByPasskey.tsx',
    'components/live/ConfirmByPassword.tsx',
    'layouts/SessionMenu.tsx',
    // A key is enabled or disabled at once from a menu, and by its owner in the browser only.
    'pages/profile/ApiKeys.tsx',
    // What a command would show is a password.
    'pages/profile/Password.tsx',
    // In the browser only.
    'pages/profile/SecondStep.tsx',
    // Paused at once from a menu.
    'pages/profile/Subscriptions.tsx',
    // Planning changes nothing; the plan itself shows the command that applies or starts it.
    'pages/replacements/PlanActions.tsx',
    'pages/replacements/PlanPairs.tsx',
    'pages/rollouts/PlanWaves.tsx',
    'pages/sign-in/FirstAdministrator.tsx',
    'pages/sign-in/PasskeyButton.tsx',
    'pages/sign-in/PasswordForm.tsx',
    // The link of a mail, for who need not be signed in.
    'pages/unsubscribe/UnsubscribePage.tsx',
    // The first steps, which nobody can have an API key for.
    'pages/welcome/NameForm.tsx',
  ]);
  expect(changing.length).toBeGreaterThan(20);
});

it('only what closes, goes on or has happened has buttons without a command', () => {
  expect(filesWith(/changes=\{noChanges\}/)).toEqual([
    'components/flows/NewVersionDialog.tsx',
    'components/flows/NextToOld.tsx',
    'components/flows/ReplaceDialog.tsx',
    'components/flows/ReplaceResult.tsx',
    'components/keyboard/KeyboardHelp.tsx',
    'components/live/ConfirmAgain.tsx',
    'components/versions/SetAnswer.tsx',
    'layouts/LeaveQuestion.tsx',
    'layouts/SignInAgain.tsx',
    'pages/clouds/AttachCredentials.tsx',
    'pages/clouds/TestFindings.tsx',
    'pages/inventory/CoverageNotice.tsx',
    'pages/inventory/References.tsx',
    'pages/people/SignInLink.tsx',
    'pages/profile/AddSubscription.tsx',
    'pages/profile/CreateApiKey.tsx',
    // An authenticator takes part in it.
    'pages/profile/PasskeyDialogs.tsx',
    'pages/replacements/PlanDialogs.tsx',
    'pages/usage/OwnerMessage.tsx',
  ]);
});
