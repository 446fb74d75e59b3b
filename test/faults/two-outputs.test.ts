/**
 * Two outputs in one folder, each kept by a service of its own. Both are asked all the time, and killed at some
 * operation of the file system over and over, while another process reads both outputs without a pause. Neither
 * output may ever hold a row of the other.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { createRandom, type Random } from '../../src/sample/random.js';
import { seed } from '../support/seed.js';
import { outputHeader, rawText } from '../support/service.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { must } from './checks.js';
import { createTally } from './marked-scene.js';
import { manyCasesMs, soak } from './soak.js';

const kills = soak ? 200 : 12;
const countKills = createTally('killsWithTwoOutputs');

const serviceScript = fileURLToPath(new URL('marked-service.mjs', import.meta.url));
const readerScript = fileURLToPath(new URL('tight-reader.mjs', import.meta.url));
const hours = [0, 1, 2];
/** A start does 60 to 90 operations, a run that commits about 75. */
const latestOperation = 320;

it(
  `two outputs in one folder never see each other, through ${kills} kills (seed ${seed})`,
  async () => {
    const root = await makeTempDir();
    const outputs = [await makeOutput(root, 'orders'), await makeOutput(root, 'returns')];
    const readers = outputs.map(watchOutput);
    let left = kills;
    const isDue = () => left-- > 0;
    await Promise.all(
      outputs.map((output) => live(output, createRandom(`${seed}/${output.name}`), isDue)),
    );
    countKills(kills);

    for (const output of outputs) await settle(output);
    for (const output of outputs) {
      expect(await readFile(output.folder.output, 'utf8')).toBe(expectedText(output));
      expect(await readFile(output.folder.checkpoint, 'utf8')).toBe('9\n');
      const copies = (await readdir(output.folder.backup)).filter((name) => name.endsWith('.csv'));
      expect(copies).toEqual([]);
    }
    expect((await readdir(outputs[0]?.folder.shared ?? '')).sort()).toEqual([
      'orders.csv',
      'returns.csv',
    ]);
    for (const reader of readers) expect(await reader.stop()).toBeGreaterThan(1);
  },
  2 * manyCasesMs,
);

interface Output {
  /** Of the one category that its rows have, too. */
  readonly name: string;
  readonly folder: StateFolder;
  readonly env: Record<string, string>;
  /** What each day's raw file said, every version of it, the newest last. The days are those of the other. */
  readonly landed: Map<string, number[]>;
  land(day: string, items: number): Promise<void>;
}

async function makeOutput(root: string, name: string): Promise<Output> {
  const rawDir = join(root, `raw-${name}`);
  const folder = stateFolderOf(join(root, 'processed', `${name}.csv`));
  const landed: Output['landed'] = new Map();
  const land = async (day: string, items: number) => {
    landed.set(day, [...(landed.get(day) ?? []), items]);
    await mkdir(join(rawDir, day), { recursive: true });
    const part = join(rawDir, day, '_part');
    await writeFile(part, rawText(hours.map((hour) => [hour, { [name]: items + hour }])));
    await rename(part, join(rawDir, day, 'orders.csv'));
  };
  for (let day = 0; day < 10; day += 1) await land(String(day), 1);
  const env = { DAYMARK_RAW_DIR: rawDir, DAYMARK_OUTPUT_FILE: folder.output, DAYMARK_PORT: '0' };
  return { name, folder, env, landed, land };
}

const rowsOf = (name: string, day: string, items: number) =>
  hours.map((hour) => `${day},${hour},${name},${items + hour}\n`).join('');

function expectedText({ name, landed }: Output): string {
  const days = [...landed].sort(([a], [b]) => Number(a) - Number(b));
  return outputHeader + days.map(([day, items]) => rowsOf(name, day, items.at(-1) ?? 0)).join('');
}

/** One service after the other, each until it kills itself, as long as a kill is due. */
async function live(output: Output, random: Random, isDue: () => boolean): Promise<void> {
  for (let items = 2; isDue(); items += 1) {
    const moment = random.below(2) === 0 ? 'before' : 'after';
    const child = startMarked(output, { at: random.below(latestOperation), moment });
    const closed = once(child, 'close');
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      closed,
    ]);
    const isUp = typeof line === 'string' && line.startsWith('{');
    if (isUp) await askUntilItDies(output, random, items, JSON.parse(line).address, closed);
    await closed;
    must(child.signalCode === 'SIGKILL', `${output.name} ended with ${child.exitCode}`);
  }
}

function startMarked({ env }: Output, mark: { readonly at: number; readonly moment: string }) {
  const child = spawn(process.execPath, [serviceScript, JSON.stringify(mark)], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function askUntilItDies(
  output: Output,
  random: Random,
  items: number,
  url: string,
  closed: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  void closed.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await output.land(String(random.below(10)), items);
    const run = fetch(`${url}/v1/runs?wait=60`, { method: 'POST' }).then((answer) => answer.json());
    const look = fetch(`${url}/v1/checkpoint`).then((answer) => answer.json());
    for (const each of await Promise.allSettled([run, look])) checkAnswer(each);
  }
}

/** Whoever lives to answer says nothing of anything strange. */
function checkAnswer(answer: PromiseSettledResult<unknown>): void {
  if (answer.status === 'rejected') return;
  const text = JSON.stringify(answer.value);
  for (const strange of ['was not ours', 'other settings', 'cannot be used', 'Someone else']) {
    must(!text.includes(strange), `it says: ${text}`);
  }
}

async function settle({ env }: Output): Promise<void> {
  const service = startServiceProcess(env);
  const answer = await fetch(`${await service.url()}/v1/runs?wait=60`, { method: 'POST' });
  must(answer.status === 200, `the last run: ${await answer.text()}`);
  const checkpoint = await fetch(`${await service.url()}/v1/checkpoint`);
  expect(await checkpoint.json()).toMatchObject({ day: '9', completeThrough: '9', notices: [] });
  await service.end('SIGTERM');
}

/** A process that reads all the time; what it saw is looked at here, every version of it. */
function watchOutput(output: Output) {
  const reader = spawn(process.execPath, [readerScript, output.folder.output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(reader, 'close');
  onTestFinished(() => void reader.kill('SIGKILL'));
  const texts: string[] = [];
  createInterface({ input: reader.stdout }).on('line', (line) => {
    const { text } = JSON.parse(line) as { readonly text?: string };
    if (text !== undefined) texts.push(text);
  });
  return {
    /** How many versions it saw. */
    stop: async () => {
      reader.kill('SIGTERM');
      await closed;
      for (const text of texts) checkOwn(output, text);
      return texts.length;
    },
  };
}

/** Days of its own alone, each whole, as one of its raw versions says. */
function checkOwn({ name, landed }: Output, text: string): void {
  must(text.startsWith(outputHeader) && text.endsWith('\n'), `a reader sees ${text}`);
  const days = new Map<string, string>();
  for (const line of text.slice(outputHeader.length).split('\n').slice(0, -1)) {
    const day = line.slice(0, line.indexOf(','));
    days.set(day, `${days.get(day) ?? ''}${line}\n`);
  }
  for (const [day, rows] of days) {
    const isOwn = (landed.get(day) ?? []).some((items) => rowsOf(name, day, items) === rows);
    must(isOwn, `a reader of ${name} sees of day ${day}:\n${rows}`);
  }
}
