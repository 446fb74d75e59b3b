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

it('a thread that is loaded only after it was told to end does not let the process go before that', async () => {
  const stamps = fileURLToPath(new URL('../../dist/stamps/stamp-threads.js', import.meta.url));
  const code = `
    import { StampThreads } from ${JSON.stringify(stamps)};
    const threads = new StampThreads();
    threads.update({ root: '/', watch: [['none', []]], forget: [] });
    await threads.close();
    process.stdout.write('closed');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
  const [said, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect({ said, exitCode }).toEqual({ said: 'closed', exitCode: 0 });
}, 60_000);
