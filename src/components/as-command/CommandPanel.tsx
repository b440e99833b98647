import { Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';

import { usePreference } from '../../hooks/use-preference.ts';
import { profilePath } from '../../util/paths.ts';
import type { Changes } from './AsCommand.tsx';
import { CommandText } from './CommandText.tsx';

import classes from './CommandPanel.module.css';
import { curlCommands, scalrCtlCommands } from './commands.ts';
import { KeyCommand } from './KeyCommand.tsx';

const tools = ['scalr-ctl', 'curl'] as const;

/** The commands for what is about to happen, in the tool that was looked at last. */
export function CommandPanel({ changes }: { changes: Changes }) {
  const [tool, setTool] = usePreference<string | null>('command-tool', tools[0]);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which an effect must not.
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={panel} className={classes['panel']}>
      {changes === undefined ? (
        <p className="dim">Complete the form first; then the command appears here.</p>
      ) : changes.some(({ at }) => at === 'self') ? (
        <KeyCommand changes={changes} />
      ) : (
        <Tabs value={tool} onChange={setTool} keepMounted={false}>
          <Tabs.List aria-label="Tool">
            {tools.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="scalr-ctl">
            <ScalrCtl changes={changes} />
          </Tabs.Panel>
          <Tabs.Panel value="curl">
            <Curl changes={changes} />
          </Tabs.Panel>
        </Tabs>
      )}
    </div>
  );
}

type Shown = NonNullable<Changes>;

function ScalrCtl({ changes }: { changes: Shown }) {
  const answer = scalrCtlCommands(changes);
  if ('command' in answer) return <CommandText text={answer.command} />;
  return (
    <>
      <p>{answer.missing} With curl:</p>
      <Curl changes={changes} />
    </>
  );
}

function Curl({ changes }: { changes: Shown }) {
  return (
    <>
      <CommandText text={curlCommands(changes)} />
      <p className="dim small">
        slipway-curl is in scripts/automation of Slipway; it signs with one of{' '}
        <Link to={profilePath}>your API keys</Link>.
      </p>
    </>
  );
}
