/**
 * Shows that the tests would notice: each deliberate bug is put into a copy of the project, and the test
 * file that is expected to catch it must fail. Ends with 1 when a bug survives, and with a table in Markdown.
 *
 *   node test/mutations/main.mjs [--copies 2] [part of an id …]
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { compile, copyProject } from './copy.mjs';
import { misfits, whileMutated } from './mutation.mjs';
import { runTests } from './run-tests.mjs';
import { allMutations } from './table.mjs';

/** Random histories that find a bug find it soon; some bugs only show in how long something takes. */
const shortened = { DAYMARK_MODEL_RUNS: '80', DAYMARK_TIMED: process.env['DAYMARK_TIMED'] ?? '1' };
const timeoutMs = 180_000;
const soundTimeoutMs = 900_000;

const print = (text) => process.stdout.write(`${text}\n`);
const { values, positionals: wanted } = parseArgs({
  options: { copies: { type: 'string', default: `${Math.min(4, availableParallelism())}` } },
  allowPositionals: true,
});
const mutations = allMutations.filter(
  ({ id }) => wanted.length === 0 || wanted.some((part) => id.includes(part)),
);
if (mutations.length === 0) {
  print(`No mutation has ${wanted.map((part) => `“${part}”`).join(' or ')} in its id.`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Each holds one mutation at a time. */
const copies = await Promise.all(Array.from({ length: Number(values.copies) }, copyProject));
const startedAt = performance.now();
try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  for (const copy of copies) await copy.remove();
}

async function main() {
  const [{ root }] = copies;
  const wrong = await misfits(mutations, root);
  if (wrong.length > 0) {
    print(`The table of mutations does not fit the code any more:\n${wrong.join('\n')}`);
    return false;
  }
  return (await isSound(root)) && (await areCaught());
}

/** Without any bug the same tests pass; else their failures would say nothing. */
async function isSound(root) {
  const files = [...new Set(mutations.map(({ caughtBy }) => caughtBy))];
  print(`${mutations.length} mutations. First, ${files.length} test files on the code as it is …`);
  const { passed, failed, printed } = await runTests(root, files, {
    timeoutMs: soundTimeoutMs,
    workers: copies.length,
    env: shortened,
  });
  if (!passed) print(`They fail already:\n${failed.join('\n') || printed}`);
  return passed;
}

async function areCaught() {
  const rows = new Map();
  const queue = mutations.values();
  await Promise.all(
    copies.map(async ({ root }) => {
      // All take from the same queue.
      for (const mutation of queue) {
        const row = await judge(mutation, root);
        rows.set(mutation.id, row);
        const seconds = row.seconds.toFixed(1).padStart(6);
        print(
          `${row.caught ? 'caught' : 'NOT CAUGHT'} ${seconds} s  ${mutation.id}: ${row.verdict}`,
        );
      }
    }),
  );
  const inOrder = mutations.map(({ id }) => rows.get(id));
  const caught = inOrder.filter((row) => row.caught).length;
  const tookMinutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  print(`\n${table(inOrder)}\n`);
  print(`${caught} of ${inOrder.length} mutations were caught, in ${tookMinutes} minutes.`);
  return caught === inOrder.length;
}

async function judge(mutation, root) {
  const { caughtBy, only } = mutation;
  const began = performance.now();
  const run = await whileMutated(mutation, root, async () => {
    await compile(root);
    return runTests(root, [caughtBy], {
      timeoutMs,
      env: shortened,
      args: ['--bail=1', ...(only === undefined ? [] : ['--testNamePattern', only])],
    });
  });
  const [first] = run.failed;
  const verdict = first === undefined ? verdictOf(run) : `${caughtBy} › ${first}`;
  const seconds = (performance.now() - began) / 1_000;
  return { mutation, caught: first !== undefined, verdict, seconds };
}

/** Of tests of which none failed. A hang is no catch: it may be the machine's. */
function verdictOf({ passed, timedOut, ran, printed }) {
  if (passed) return 'SURVIVED';
  if (timedOut) return `TIMED OUT after ${timeoutMs / 1000} s`;
  if (ran === 0) return `NO TEST RAN; the mutation may not compile:\n${printed}`;
  return `BROKEN without a failed test:\n${printed}`;
}

function table(rows) {
  const head = '| mutation | why it is a bug | caught by |\n| --- | --- | --- |';
  const lines = rows.map(
    ({ mutation: { id, file, why }, verdict }) =>
      `| \`${id}\` in ${file} | ${why} | ${verdict.split('\n', 1)[0]} |`,
  );
  return [head, ...lines].join('\n');
}
