import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { uuid } from '#contract/fields.ts';
import type { Image } from '#contract/images/images.ts';

import { imageQuery } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { Notice } from '../../components/Notice.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { CreatePage } from '../../layouts/CreatePage.tsx';
import { queryClient } from '../../query-client.ts';
import { scopePath } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { RegisterForm } from './RegisterForm.tsx';

/** Whether it can be the id of an image at all. */
function isId(text: string): boolean {
  return uuid.safeParse(text).success;
}

/** Reads what the form needs before it is shown, so that nothing in it moves. */
export const loader = scopedLoader((at, search) => {
  const from = search.get('from') ?? '';
  return Promise.all([
    queryClient.prefetchQuery(osListQuery(at)),
    queryClient.prefetchQuery(scopeQuery(at)),
    isId(from) && queryClient.prefetchQuery(imageQuery(at, from)),
  ]);
});

/** Registers a machine image; `?from=<imageId>` starts with what a new version has in common. */
export function Component() {
  const at = useScope();
  const [search] = useSearchParams();
  const from = search.get('from') ?? '';
  const { data: scope } = useSuspenseQuery(scopeQuery(at));
  const origin = useQuery({ ...imageQuery(at, from), enabled: isId(from) });
  if (origin.isLoading) return null;
  return (
    <CreatePage
      {...{ at, scope }}
      title="Register image"
      section="images"
      deed="register images"
      reason={reasonAgainst(scope.actions.imageCreate)}
    >
      {origin.data !== undefined && <FromNotice image={origin.data} />}
      {origin.error !== null && (
        <Notice tone="warning">
          The image to start from cannot be seen here, so the form starts empty.
        </Notice>
      )}
      <RegisterForm key={`${scopePath(at)} ${from}`} at={at} scope={scope} from={origin.data} />
    </CreatePage>
  );
}

function FromNotice({ image }: { image: Image }) {
  return (
    <Notice>
      A new version of {image.name}: its OS, architecture, cloud and location are filled in.
    </Notice>
  );
}
