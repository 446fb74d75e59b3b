/**
 * Good raw files are damaged at random and sent through a whole service. A naive reading of each file says
 * whether it is still sound: then its sums must be in the output, to the item; if not, its day must fail.
 * A failure prints its seed; `DAYMARK_SEED` sets it.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { judgedMs } from '../support/judged-time.js';
import { startTestService, type TestService } from '../support/service.js';
import { type Delivered, delivered, shown } from './bad-input-damage.js';
import { judge, parseCsv, type Verdict } from './bad-input-oracle.js';
import { soak } from './soak.js';

/** Days that arrive together, so that one commit serves them all. */
const days = Array.from({ length: 40 }, (_, index) => String(index));
const numRuns = soak ? 150 : 12;
const longestRunMs = 15_000;

let sound = 0;
let broken = 0;
afterAll(() => {
  process.stdout.write(`Damaged raw files: ${sound + broken}, of which ${sound} still sound.\n`);
  process.stdout.write(`soak: damagedFiles=${sound + broken}\n`);
});

interface RunDayAnswer {
  readonly day: string;
  readonly outcome: string;
  readonly records: number | null;
  readonly error?: { readonly code: string; readonly problemCount: number };
}

async function land({ rawDir }: TestService, day: string, { bytes, gzip }: Delivered) {
  await rm(join(rawDir, day), { recursive: true, force: true });
  await mkdir(join(rawDir, day));
  await writeFile(join(rawDir, day, gzip ? 'orders.csv.gz' : 'orders.csv'), bytes);
}

/** `hour,category` and items, by day, as a stranger would read the output. */
function sumsByDay(output: string): Map<string, Map<string, bigint>> {
  const found = new Map<string, Map<string, bigint>>();
  for (const [day = '', hour, category, items = ''] of parseCsv(output)?.slice(1) ?? []) {
    const sums = found.get(day) ?? new Map<string, bigint>();
    if (sums.has(`${hour},${category}`)) throw new Error(`day ${day} holds ${category} twice`);
    found.set(day, sums.set(`${hour},${category}`, BigInt(items)));
  }
  return found;
}

function checkDay(
  file: Delivered,
  verdict: Verdict | null,
  answer: RunDayAnswer | undefined,
  sums: ReadonlyMap<string, bigint>,
): void {
  const message = shown(file);
  if (verdict === null) {
    expect(answer, message).toMatchObject({ outcome: 'failed', error: { code: 'raw-invalid' } });
    expect(answer?.error?.problemCount, message).toBeGreaterThan(0);
    broken += 1;
  } else {
    expect(answer?.outcome, message).toBeOneOf(['added', 'replaced', 'unchanged']);
    expect(answer?.records, message).toBe(verdict.orders);
    expect(sums, message).toEqual(verdict.sums);
    sound += 1;
  }
}

it.each(['scan', 'csv'] as const)(
  'whatever happens to a file, the engine %s is right or says no',
  {
    timeout: 30_000 * Math.max(2, numRuns / 10),
  },
  async (engine) => {
    const service = await startTestService();
    const arrival = fc.tuple(...days.map(delivered));
    const property = fc.asyncProperty(arrival, async (files) => {
      for (const [index, file] of files.entries()) await land(service, days[index] ?? '', file);
      const { status, body } = await service.run({ select: 'all', engine });
      const run = status === 200 ? body : body.run;
      expect(status).toBeOneOf([200, 422]);
      expect(judgedMs(run.durationMs)).toBeLessThan(longestRunMs);
      const output = sumsByDay(await service.output().catch(() => ''));
      for (const [index, file] of files.entries()) {
        const day = days[index] ?? '';
        const answer = run.days.find((each: RunDayAnswer) => each.day === day);
        const verdict = judge(file.bytes, file.gzip, day);
        checkDay(file, verdict, answer, output.get(day) ?? new Map());
      }
    });
    // The message shows the one file; making forty smaller together would take minutes.
    await fc.assert(property, { numRuns, endOnFailure: true });
  },
);

it('damages some files to death, and others not', () => {
  const all = sound + broken;
  expect(sound).toBeGreaterThan(all / 5);
  expect(broken).toBeGreaterThan(all / 5);
});
