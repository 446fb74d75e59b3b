/**
 * One file operation fails, once, while the process lives on. The commit's answer must be true, and the
 * next try must bring the right bytes.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CommitResult, OutputStore } from '../../src/core/ports/output.js';
import type { Disk } from '../../src/disk/disk.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { commit } from '../output/place.js';
import { makeTempDir } from '../support/temp-dir.js';
import {
  checkDone,
  checkForeignKept,
  checkForeignThere,
  checkNext,
  checkReadable,
  must,
  runAgain,
  textOf,
} from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import {
  type Failure,
  failingDisk,
  quickDisk,
  recordingDisk,
  renamingDisk,
} from './faulty-disks.js';
import { changesSomething, describeOperation, type Operation } from './intercepted-disk.js';
import { commitOf, replacing, type Scenario, scenarios, startStore, storeOf } from './scenarios.js';
import { manyCasesMs, shareOf, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

let tried = 0;
afterAll(() => {
  process.stdout.write(`Failing operations tried: ${tried}.\n`);
});

interface Case {
  readonly operation: Operation;
  readonly failure: Failure;
}

function expectTruth(scenario: Scenario, real: Disk) {
  return async () => {
    const root = await makeTempDir();
    const operations = await recordOperations(scenario, placeIn(root, 'clean'), real);
    const cases = triedOf(scenario, casesOf(operations));
    const failures = await eachAtOnce(
      cases,
      async (each, index) => {
        const folder = placeIn(root, String(index));
        await failAndRetry(scenario, folder, each, real);
        await rm(folder.outputFolder, { recursive: true });
      },
      ({ operation, failure }) => `${nameOf(failure)} at ${describeOperation(operation)}`,
    );
    tried += cases.length;
    expect(failures).toEqual([]);
  };
}

const name = 'is answered truly, and made good, when any operation fails';

describe.each(scenarios)('$name', (scenario) => {
  it(name, expectTruth(scenario, quickDisk));
});

describe.each(soak ? scenarios : replacing)(
  'where names cannot be exchanged, $name',
  (scenario) => {
    it(name, expectTruth(scenario, renamingDisk));
  },
);

const placeIn = (root: string, name: string) => stateFolderOf(join(root, name, 'orders.csv'));

/** The start of a process is the same in all scenarios; the short variant disturbs the first one's. */
async function recordOperations(scenario: Scenario, folder: StateFolder, real: Disk) {
  await scenario.prepare(folder);
  const { disk, operations } = recordingDisk(real);
  const store = await startStore(folder, disk, scenario);
  const started = operations.length;
  await commitOf(scenario, store);
  return soak || scenario === scenarios[0] ? operations : operations.slice(started);
}

const codes = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE'];

const belied: readonly Failure[] = [{ kind: 'belied', code: 'EIO' }];

const shortWrites: readonly Failure[] = [
  { kind: 'short', take: () => 0 },
  { kind: 'short', take: () => 1 },
  { kind: 'short', take: (length) => length - 1 },
];

/** Each operation with each code in the long variant; in the short one the codes take turns. */
function casesOf(operations: readonly Operation[]): Case[] {
  const cases = operations.flatMap((operation) => {
    const tried = soak ? codes : [codes[operation.index % codes.length] as string];
    const failures: readonly Failure[] = [
      ...tried.map((code) => ({ kind: 'refused', code }) as const),
      ...(soak || changesSomething(operation) ? belied : []),
      ...(operation.write !== null ? shortWrites : []),
    ];
    return failures.map((failure) => ({ operation, failure }));
  });
  return cases;
}

/** Of the usual commit, all. */
function triedOf({ name }: Scenario, cases: readonly Case[]): readonly Case[] {
  return name === 'a new day over three' ? cases : shareOf(cases);
}

function nameOf(failure: Failure): string {
  return failure.kind === 'short'
    ? `a write of ${failure.take(100)}%`
    : `${failure.kind} ${failure.code}`;
}

async function failAndRetry(
  scenario: Scenario,
  folder: StateFolder,
  each: Case,
  real: Disk,
): Promise<void> {
  await scenario.prepare(folder);
  const { operation, failure } = each;
  const { disk, operations, closeAll, fired } = failingDisk(operation.index, failure, real);
  const store = storeOf(folder, disk, scenario);
  const runId = uuidv7();
  const answer = await store
    .open()
    .then(() => commit(store, scenario.table, scenario.mark, runId))
    .catch((error: Error) => error);
  must(fired(), 'the operation was not reached');
  checkUnsyncedIsUnpublished(operations, each);
  await checkReadable(scenario, folder);
  await checkForeignThere(scenario, folder);
  await checkAnswer(scenario, folder, store, answer, runId);
  await checkForeignKept(scenario, folder);

  const result = await runAgain(scenario, store);
  must(result.kind !== 'conflict', 'the next try finds a conflict');
  await checkDone(scenario, folder, await store.look());
  await checkNext(scenario, folder, store);
  await closeAll();
}

/** After a failed fsync the kernel may have dropped the pages: that file must never become the output. */
function checkUnsyncedIsUnpublished(operations: readonly Operation[], each: Case): void {
  if (each.operation.name !== 'sync') return;
  const { path } = operations[each.operation.index] as Operation;
  const used = operations.some(
    (later) => (later.name === 'rename' || later.name === 'link') && later.path === path,
  );
  must(!used, 'a file whose fsync failed was published');
}

async function checkAnswer(
  scenario: Scenario,
  folder: StateFolder,
  store: OutputStore,
  answer: CommitResult | Error,
  runId: string,
): Promise<void> {
  const committed = !(answer instanceof Error) && answer.kind === 'committed';
  const before = await textOf(folder.output);
  if (committed && answer.unpublished === null) {
    must(before === scenario.versions.at(-1), 'the commit says that it is published');
  }
  if (committed && answer.unpublished !== null) {
    must(before !== scenario.versions.at(-1), `published, but denied: ${answer.unpublished}`);
  }
  const { ledger, version } = await store.look();
  const isHead = [...ledger.values()].some((entry) => entry.runId === runId);
  must(!committed || version >= answer.version, 'the commit is not in the ledger');
  must(committed || !isHead, `the commit stands, but the answer was ${String(answer)}`);
  if (committed) {
    must((await textOf(folder.output)) === scenario.versions.at(-1), 'a look did not publish');
  }
}
