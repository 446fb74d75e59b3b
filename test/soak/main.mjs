/**
 * Attacks the promises for as long as it is told to, with new seeds in every round, and stops at the first
 * that breaks. Needs a compiled service in `dist/`.
 *
 *   DAYMARK_SOAK_MINUTES=30 DAYMARK_SOAK_SEED=1 node test/soak/main.mjs [part of a suite’s name …]
 */
import { fileURLToPath } from 'node:url';
import { runTests } from '../mutations/run-tests.mjs';
import { addTo, countsIn } from './counts.mjs';
import { settingsOf, suites } from './suites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { DAYMARK_SOAK_MINUTES = '30', DAYMARK_SOAK_SEED } = process.env;
const soakMs = Number(DAYMARK_SOAK_MINUTES) * 60_000;
const firstSeed = Number(DAYMARK_SOAK_SEED ?? Date.now() % 1_000_000_000);
if (!(soakMs > 0) || !Number.isSafeInteger(firstSeed)) {
  throw new Error('DAYMARK_SOAK_MINUTES must be a number above 0, DAYMARK_SOAK_SEED an integer');
}
/** No suite takes as long, unless it hangs. */
const longestSuiteMs = 30 * 60_000;

const print = (text) => process.stdout.write(`${text}\n`);
const wanted = process.argv.slice(2);
const chosen = suites.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const startedAt = performance.now();
const isOver = () => performance.now() - startedAt >= soakMs;
const totals = { rounds: 0, tests: 0 };
process.exitCode = (await soak()) ? 0 : 1;

async function soak() {
  print(`Soaking for ${DAYMARK_SOAK_MINUTES} minutes, from seed ${firstSeed} on.`);
  for (let round = 0; !isOver(); round += 1) {
    const due = chosen.filter(({ random }) => random || round === 0);
    if (due.length === 0) break;
    totals.rounds += 1;
    for (const suite of due) {
      if (isOver()) break;
      if (!(await holds(suite, firstSeed + round))) return false;
    }
  }
  // Every suite compares the output with what it must be, to the byte: a wrong row would have ended this.
  printTotals({ ...totals, 'lost rows': 0, 'doubled rows': 0 });
  return true;
}

/** Whether the suite passes; when it does not, says how to see it again. */
async function holds({ name, files }, seed) {
  const settings = settingsOf(seed);
  const began = performance.now();
  const run = await runTests(root, files, {
    timeoutMs: longestSuiteMs,
    env: settings,
    args: ['--disableConsoleIntercept', '--bail=1'],
  });
  const counts = countsIn(run.printed);
  addTo(totals, { ...counts, tests: run.ran });
  const seconds = Math.round((performance.now() - began) / 1000);
  const told = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  print(
    `${run.passed ? 'held' : 'BROKE'}  seed ${seed}, ${seconds} s: ${name}; ${told.join(', ')}`,
  );
  if (run.passed) return true;

  const environment = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  print(`\n${run.printed}`);
  print(run.timedOut ? `It hung for ${longestSuiteMs / 60_000} minutes.` : run.failed.join('\n'));
  print(`\nAgain: ${environment.join(' ')} npx vitest run ${files.join(' ')}`);
  printTotals(totals);
  return false;
}

function printTotals(figures) {
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  print(`\nIn ${minutes} minutes:`);
  for (const [what, count] of Object.entries(figures)) {
    print(`  ${what.padEnd(44)} ${count.toLocaleString('en')}`);
  }
}
