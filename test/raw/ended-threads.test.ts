/** A thread that loads a native library must not be stopped from outside: that can end the whole process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('./ended-threads.mjs', import.meta.url));

it('threads that look at paths can be ended at any moment, and the process with them', async () => {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complaint, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  expect({ said, complaint, exitCode, signal }).toEqual({
    said: 'ended',
    complaint: '',
    exitCode: 0,
    signal: null,
  });
}, 60_000);
