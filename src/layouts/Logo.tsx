import { basePath } from '../util/base-path.ts';

/** The mark beside the name, which says what it is. */
export function Logo() {
  return <img src={`${basePath}/favicon.svg`} width={20} height={20} alt="" />;
}
