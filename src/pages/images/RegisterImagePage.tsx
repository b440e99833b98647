import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { LoaderFunctionArgs } from 'react-router';
import { uuid } from '#contract/fields.ts';
import type { Image } from '#contract/images/images.ts';
import { scopeLabel } from '#contract/scope.ts';

import { imageQuery } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { Notice } from '../../components/Notice.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { paths, scopeOfPath, scopePath } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { RegisterForm } from './RegisterForm.tsx';

/** Whether it can be the id of an image at all. */
function isId(text: string): boolean {
  return uuid.safeParse(text).success;
}

/** Reads what the form needs before it is shown, so that nothing in it moves. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { pathname, searchParams } = new URL(request.url);
  const at = scopeOfPath(pathname);
  if (at === undefined) return null;
  const from = searchParams.get('from') ?? '';
  await Promise.all([
    queryClient.prefetchQuery(osListQuery(at)),
    queryClient.prefetchQuery(scopeQuery(at)),
    isId(from) && queryClient.prefetchQuery(imageQuery(at, from)),
  ]);
  return null;
}

/** Registers a machine image; `?from=<imageId>` starts with what a new version has in common. */
export function Component() {
  const at = useScope();
  const [search] = useSearchParams();
  const from = search.get('from') ?? '';
  const { data: scope } = useSuspenseQuery(scopeQuery(at));
  const origin = useQuery({ ...imageQuery(at, from), enabled: isId(from) });
  const reason = reasonAgainst(scope.actions.imageCreate);
  if (origin.isLoading) return null;
  return (
    <>
      <PageHeader
        title="Register image"
        crumbs={[{ label: 'Images', to: paths.images(at) }]}
        facts={<PlaceBadge place={scope} />}
      />
      {reason === undefined ? (
        <>
          {origin.data !== undefined && <FromNotice image={origin.data} />}
          {origin.error !== null && (
            <Notice tone="warning">
              The image to start from cannot be seen here, so the form starts empty.
            </Notice>
          )}
          <RegisterForm key={`${scopePath(at)} ${from}`} at={at} scope={scope} from={origin.data} />
        </>
      ) : (
        <EmptyState
          title={`You cannot register images at this scope (${scopeLabel[at.scope]})`}
          action={
            <ActionButton variant="filled" to={paths.images(at)}>
              Show all images
            </ActionButton>
          }
        >
          {reason}
        </EmptyState>
      )}
    </>
  );
}

function FromNotice({ image }: { image: Image }) {
  return (
    <Notice>
      A new version of {image.name}: its OS, architecture, cloud and location are filled in.
    </Notice>
  );
}
