import { ActionButton } from '../actions/ActionButton.tsx';
import { EmptyState } from '../EmptyState.tsx';

interface NoMatchProps {
  /** What was looked for, in the plural: `images`. */
  noun: string;
  /** The active filters in words: `Status: Failed`. */
  filters: readonly { id: string; words: string; onRemove: () => void }[];
  onClear: () => void;
}

/** In place of a list that the filters left empty: which of them to remove. */
export function NoMatch({ noun, filters, onClear }: NoMatchProps) {
  return (
    <EmptyState
      title={`No ${noun} match`}
      action={
        <span>
          {filters.map((filter) => (
            <ActionButton key={filter.id} variant="subtle" onClick={filter.onRemove}>
              {`Remove ${filter.words}`}
            </ActionButton>
          ))}
          {filters.length > 1 && (
            <ActionButton variant="subtle" onClick={onClear}>
              Clear all filters
            </ActionButton>
          )}
        </span>
      }
    >
      All filters must match. Remove one to see more.
    </EmptyState>
  );
}
