/** The demo as a person starts it: the built command, in a temporary folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makeTempDir } from '../support/temp-dir.js';

const main = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url));
const timeoutMs = 60_000;

interface Performance {
  readonly child: ChildProcess;
  /** What was printed so far, on both streams. */
  readonly text: () => string;
  readonly exitCode: Promise<number | null>;
  /** What it left in its temporary folder. */
  readonly leftovers: () => Promise<string[]>;
}

/** `path` is its PATH: with or without a redis-server. */
async function startDemo(path = process.env['PATH']): Promise<Performance> {
  const tmp = await makeTempDir();
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PATH: path, TMPDIR: tmp, DAYMARK_PORT: 'not for the demo' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, text: () => text, exitCode, leftovers: () => readdir(tmp) };
}

/** Its service and, where there is one, its Redis: nobody listens there any more. */
async function expectGone(text: string): Promise<void> {
  const addresses = new Set(text.match(/127\.0\.0\.1:[0-9]+/g));
  expect(addresses.size).toBeGreaterThan(0);
  for (const address of addresses) {
    await expect(fetch(`http://${address}/health/live`)).rejects.toThrow('fetch failed');
  }
}

const story = [
  '1  Days 0, 1 and 2 arrive',
  'without a key it is another run, which finds nothing to do',
  'day 2 · missing · the store held nothing · repaired',
  'Daymark takes day 3, because it is late',
  'the run replaces day 1, and nothing else',
  'orders_5.csv, line 42, column "bananas" holds "three": ',
  'the output was still the old one, whole',
  'the run restores the file to the byte',
  'Eight mishaps, and no item was lost or counted twice.',
];

test.each([
  ['with a Redis of its own', process.env['PATH'], 'checkpoint   Redis at 127.0.0.1:'],
  ['without any Redis', '/nowhere', 'checkpoint   a file beside the output (no redis-server on'],
])(
  'the demo tells its story %s and leaves nothing behind',
  async (_, path, checkpoint) => {
    const demo = await startDemo(path);

    expect(await demo.exitCode, demo.text()).toBe(0);
    for (const sentence of [checkpoint, ...story]) expect(demo.text()).toContain(sentence);
    expect(demo.text().match(/✓ the same bytes as an output made from scratch/g)).toHaveLength(8);
    expect(demo.text(), 'no colours where nobody watches').not.toContain('\u001b');
    expect(
      Math.max(
        ...demo
          .text()
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(100);
    expect(await demo.leftovers()).toEqual([]);
    await expectGone(demo.text());
  },
  timeoutMs,
);

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s in the middle of it leaves nothing behind either',
  async (signal, code) => {
    const demo = await startDemo();
    await expect.poll(demo.text, { timeout: timeoutMs / 2 }).toContain('3  Someone');

    demo.child.kill(signal);

    expect(await demo.exitCode).toBe(code);
    expect(await demo.leftovers()).toEqual([]);
    await expectGone(demo.text());
  },
  timeoutMs,
);

test(
  'where something is not as it must be, the demo says so, clears up and exits with 1',
  async () => {
    // A Redis that is none: the checkpoint cannot be wiped.
    const bin = join(await makeTempDir(), 'bin');
    await mkdir(bin);
    const fake = '#!/bin/sh\necho "Ready to accept connections"\nexec /bin/sleep 60\n';
    await writeFile(join(bin, 'redis-server'), fake);
    await chmod(join(bin, 'redis-server'), 0o755);
    const demo = await startDemo(bin);

    expect(await demo.exitCode).toBe(1);
    expect(demo.text()).toContain('✗ Not as it must be:');
    expect(await demo.leftovers()).toEqual([]);
    await expectGone(demo.text());
  },
  timeoutMs,
);
