import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Warning } from '#contract/envelope.ts';
import type { Place } from '#contract/images/places.ts';

import { sessionQuery } from '../../api/session.ts';
import { announce } from '../../util/announce.ts';
import { grantAt } from '../../util/grants.ts';

/** Says what has happened and shows the object where it is now, if that may be seen. */
export function useArrival(onClose: () => void) {
  const navigate = useNavigate();
  const session = useQuery(sessionQuery).data;
  return (words: string, warnings: readonly Warning[], place: Place, address: string) => {
    announce([words, ...warnings.map(({ message }) => message)].join(' '));
    if (grantAt(session?.grants ?? [], place) === undefined) onClose();
    else void navigate(address, { replace: true });
  };
}
