/**
 * The proof that nothing was counted twice and nothing was lost. It trusts no part of the service: the
 * items are counted from the raw files by the simplest loop there is, and the bytes are compared with
 * those of an output that was made from scratch in one go.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openInProcessTransport } from '#daymark/client/in-process-transport.js';
import { readConfig } from '#daymark/config/config.js';
import { sumOf, type Total } from '#daymark/model/total.js';
import type { DemoClient } from './client.js';
import { confirm } from './confirm.js';
import type { Stage } from './stage.js';
import { pause, thousands } from './terminal.js';

export async function prove(
  stage: Pick<Stage, 'folder' | 'rawDir'>,
  client: Pick<DemoClient, 'output'>,
): Promise<void> {
  const csv = await client.output();
  const raw = await countRaw(stage.rawDir);
  const total = thousands(sumOf(Object.values(raw)));
  confirm(
    `${total} items in the raw files, ${total} in the output, day by day`,
    countOutput(csv),
    raw,
  );

  const hash = sha256(csv);
  const fresh = sha256(await makeFromScratch(stage));
  confirm(
    `the same bytes as an output made from scratch: sha256 ${hash.slice(0, 16)}…`,
    hash,
    fresh,
  );
  await pause(200);
}

export async function hashOfOutput(client: DemoClient): Promise<string> {
  return sha256(await client.output());
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Items by day. */
type Tally = Record<string, Total>;

/** Four columns are about the order; the others count items. */
async function countRaw(rawDir: string): Promise<Tally> {
  const tally: Tally = {};
  for (const day of await readdir(rawDir)) {
    for (const file of await readdir(join(rawDir, day))) {
      for (const cells of await readCells(join(rawDir, day, file))) {
        for (const cell of cells.slice(4)) add(tally, day, Number(cell));
      }
    }
  }
  return tally;
}

function countOutput(csv: string): Tally {
  const tally: Tally = {};
  for (const [day = '', , , items] of cellsOf(csv)) add(tally, day, Number(items));
  return tally;
}

async function readCells(path: string): Promise<string[][]> {
  return cellsOf(await readFile(path, 'utf8'));
}

/** The sample data needs no quotes, and neither does what is made of it. */
function cellsOf(csv: string): string[][] {
  const [, ...lines] = csv.trimEnd().split('\n');
  return lines.map((line) => line.split(','));
}

function add(tally: Tally, day: string, items: number): void {
  tally[day] = sumOf([tally[day] ?? 0, items]);
}

/** Another Daymark, with a folder of its own, that sees the raw days for the first time. */
async function makeFromScratch({
  folder,
  rawDir,
}: Pick<Stage, 'folder' | 'rawDir'>): Promise<string> {
  const place = join(folder, 'from-scratch');
  const config = readConfig({
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: join(place, 'orders.csv'),
  });
  const daymark = await openInProcessTransport(config, { verbose: false });
  try {
    await daymark.send({ method: 'POST', path: '/v1/runs?wait=60' });
    const headers = { accept: 'text/csv' };
    return (await daymark.send({ method: 'GET', path: '/v1/output', headers })).text;
  } finally {
    await daymark.close();
    await rm(place, { recursive: true, force: true });
  }
}
