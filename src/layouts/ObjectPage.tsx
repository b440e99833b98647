import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { Place } from '#contract/images/places.ts';

import { ObjectBar } from '../components/objects/ObjectBar.tsx';
import { ObjectDialogs } from '../components/objects/ObjectDialogs.tsx';
import type { ObjectKind } from '../components/objects/object-actions.tsx';
import { PlaceBadge } from '../components/PlaceBadge.tsx';
import { StatusBadge } from '../components/StatusBadge.tsx';
import { capitalized } from '../util/format.ts';
import { objectState } from '../util/object-state.ts';
import { paths } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';

import { DetailLayout, DetailSection } from './DetailLayout.tsx';
import { PageHeader } from './PageHeader.tsx';

interface ObjectPageProps<T> {
  kind: ObjectKind<T>;
  at: PathScope;
  object: T;
  /** The list that it stands in. */
  section: Section;
  /** What it is, in a word, between where it lives and its state. */
  summary: ReactNode;
  /** Why it is not simply active. */
  notice: ReactNode;
  /** What it is. */
  facts: ReactNode;
  /** Where it is used. */
  children: ReactNode;
}

/** The page of one object: what it is, where it is used, and what can be done with it. */
export function ObjectPage<
  T extends Place & { id: string | number; name: string; status?: string; deprecated: boolean },
>({ kind, at, object, section, summary, notice, facts, children }: ObjectPageProps<T>) {
  const navigate = useNavigate();
  const list = paths.section(at, section);
  return (
    <>
      <PageHeader
        title={object.name}
        crumbs={[{ label: capitalized(section), to: list }]}
        facts={
          <>
            <PlaceBadge place={object} />
            {summary}
            <StatusBadge state={objectState(object)} />
          </>
        }
      />
      {notice}
      <DetailLayout
        facts={<DetailSection title="What it is">{facts}</DetailSection>}
        actions={<ObjectBar kind={kind} at={at} object={object} name={object.name} />}
      >
        {children}
      </DetailLayout>
      <ObjectDialogs
        kind={kind}
        at={at}
        id={object.id}
        onGone={() => void navigate(list, { replace: true })}
      />
    </>
  );
}
