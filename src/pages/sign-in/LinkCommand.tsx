import { CommandText } from '../../components/as-command/CommandText.tsx';

/** How to get a link. */
export function LinkCommand() {
  return (
    <>
      <p>
        Whoever runs this server can make you a link with this command, in the folder where Slipway
        is installed. It signs you in once, within 15 minutes; then you can set a password under
        your name.
      </p>
      <CommandText text="npm run -s slipway -- sign-in-link --user you@example.com" />
    </>
  );
}
