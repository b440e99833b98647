const address = new URL('../favicon.svg', import.meta.url).href;

/** The mark beside the name, which says what it is. */
export function Logo() {
  return <img src={address} width={20} height={20} alt="" />;
}
