import { TextInput } from '@mantine/core';
import { IconTransfer } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { usePlanRollout } from '../../api/rollouts.ts';
import type { RolloutWish } from '../../api/rollouts.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { helpBelow, OptionField, Pair } from '../forms/fields.tsx';

interface MoveToNewImageProps {
  at: PathScope;
  /** Whose servers; without any, all on old images here. */
  what: Pick<
    RolloutWish,
    'farm' | 'farmRole' | 'servers' | 'image' | 'imageSet' | 'replacement' | 'owner'
  >;
  isPrimary?: boolean;
}

/** The button that moves servers to the image that their roles have now, and the dialog that plans it. */
export function MoveToNewImage({ at, what, isPrimary = false }: MoveToNewImageProps) {
  const { dialog, open, close } = useDialog(['move']);
  return (
    <>
      <ActionButton
        icon={<IconTransfer size={16} aria-hidden />}
        variant={isPrimary ? 'filled' : 'default'}
        onClick={() => open('move')}
      >
        Move to the new image
      </ActionButton>
      {dialog === 'move' && <PlanMove at={at} what={what} onClose={close} />}
    </>
  );
}

const usual = {
  batchSize: '20%',
  maxUnavailable: '20%',
  pauseSeconds: '0',
  bakeSeconds: '60',
  stopAfterFailures: '3',
};
type Setting = keyof typeof usual;

interface PlanMoveProps extends Omit<MoveToNewImageProps, 'isPrimary'> {
  onClose: () => void;
}

/** How to move them. Planning moves nothing: the rollout's page shows which servers, and starts it. */
export function PlanMove({ at, what, onClose }: PlanMoveProps) {
  const navigate = useNavigate();
  const plan = usePlanRollout(at);
  const [settings, setSettings] = useState(usual);
  const [replaceAll, setReplaceAll] = useState(true);
  const change = plan.change({ body: { ...what, ...toBody(settings), replaceAll } });
  return (
    <FormDialog
      title="Move servers to the new image"
      submitLabel="Plan it"
      changes={[change]}
      onSubmit={() =>
        plan.mutate(change, {
          onSuccess: ({ data }) => void navigate(paths.rollout(at, data.id), { replace: true }),
        })
      }
      onClose={onClose}
      error={plan.error}
      pending={plan.isPending}
      unsaved={isUnsaved(settings !== usual || !replaceAll, plan)}
      startsOnSubmit
    >
      <p>
        Each server on an old image is terminated, and another is launched in its place, a few at a
        time; groups that something else runs are moved by their cloud. The plan shows which, and
        moves nothing yet.
      </p>
      <Settings
        settings={settings}
        onChange={(changed) => setSettings((now) => ({ ...now, ...changed }))}
      />
      <OptionField
        label="Replace servers that would not come back by themselves"
        description="Where scaling is off, or more servers run than the minimum. Otherwise they stay as they are."
        reasonAgainst={undefined}
        isChosen={replaceAll}
        onChange={setReplaceAll}
      />
    </FormDialog>
  );
}

interface SettingsProps {
  settings: typeof usual;
  onChange: (changed: Partial<typeof usual>) => void;
}

function Settings({ settings, onChange }: SettingsProps) {
  const field = (name: Setting, label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      inputWrapperOrder={helpBelow}
      autoComplete="off"
      value={settings[name]}
      onChange={({ target }) => onChange({ [name]: target.value })}
    />
  );
  return (
    <>
      <Pair>
        {field('batchSize', 'At once', 'Servers of a farm role: a number, or a percentage')}
        {field('maxUnavailable', 'Most unavailable', 'Of a farm role, whatever the cause')}
      </Pair>
      <Pair>
        {field('bakeSeconds', 'Bake time', 'Seconds that a new server has to run')}
        {field('pauseSeconds', 'Pause', 'Seconds between two batches')}
      </Pair>
      {field('stopAfterFailures', 'Stop after', 'So many new servers that did not come up')}
    </>
  );
}

/** What was typed; the server says what is wrong with it. */
function toBody(settings: Record<Setting, string>) {
  return {
    batchSize: settings.batchSize.trim(),
    maxUnavailable: settings.maxUnavailable.trim(),
    pauseSeconds: Number(settings.pauseSeconds),
    bakeSeconds: Number(settings.bakeSeconds),
    stopAfterFailures: Number(settings.stopAfterFailures),
  };
}
