/**
 * `npm run demo`: eight mishaps of a nightly job, and one CSV that stays right.
 *
 * To be read from top to bottom. Whatever the story claims, it compares: see `confirm` and `prove`.
 */
import { wrapped } from '#daymark/cli/table.js';
import { placeOf } from '#daymark/model/raw-problem.js';
import { sumOf } from '#daymark/model/total.js';
import { createDemoClient, type DemoClient } from './client.js';
import { confirm } from './confirm.js';
import { badCellIn, kindsIn, outcomesOf, statesOf, totalItems } from './facts.js';
import { perform } from './perform.js';
import { hashOfOutput, prove } from './proof.js';
import { appendAgain, keptCopies, land, spoil, week } from './raw-days.js';
import type { Stage } from './stage.js';
import { showDays, showStates } from './table.js';
import { answer, aside, command, headline, thousands } from './terminal.js';

interface Scene {
  readonly stage: Stage;
  readonly client: DemoClient;
}

const nightly = 'nightly-1';

await perform(async (stage) => {
  const scene = { stage, client: createDemoClient(() => stage.url) };
  await daysArrive(scene);
  await triggerComesAgain(scene);
  await checkpointIsWiped(scene);
  await dayComesLate(scene);
  await fileIsCorrected(scene);
  await fileIsBad(scene);
  await processIsKilled(scene);
  await outputIsDoubled(scene);
});

async function daysArrive({ stage, client }: Scene): Promise<void> {
  await headline(1, 'Days 0, 1 and 2 arrive, and the scheduler sends its trigger.');
  await land(stage.rawDir, ['0', '1', '2']);
  const run = await client.run({ key: nightly });

  await showDays(await client.days(), run);
  confirm('all three days were added', outcomesOf(run), { 0: 'added', 1: 'added', 2: 'added' });
  await prove(stage, client);
}

async function triggerComesAgain({ stage, client }: Scene): Promise<void> {
  await headline(2, 'The scheduler heard no answer, and sends the trigger again.');
  const { id } = await client.runById(nightly);
  const retried = await client.run({ key: nightly });
  const another = await client.run();

  await showDays(await client.days(), another);
  confirm('the same key leads to the same run', [retried.id, retried.replayed], [id, true]);
  confirm('without a key it is another run, which finds nothing to do', another.days, []);
  await prove(stage, client);
}

async function checkpointIsWiped({ stage, client }: Scene): Promise<void> {
  await headline(3, 'Someone wipes the checkpoint.');
  await aside('The classic job would now begin at day 0 and append everything once more.');
  await command(stage.checkpoint.wipeCommand);
  await stage.checkpoint.wipe();
  const { day, reading, repaired } = await client.checkpoint();
  const run = await client.run();

  await showDays(await client.days(), run);
  const found = { day, reading, repaired };
  confirm('asking is enough to repair it', found, { day: '2', reading: 'missing', repaired: true });
  confirm('the store holds day 2 again', await stage.checkpoint.read(), '2');
  confirm('the run does nothing', run.days, []);
  await prove(stage, client);
}

async function dayComesLate({ stage, client }: Scene): Promise<void> {
  await headline(4, 'Day 4 overtakes day 3, which comes late, below the checkpoint.');
  await land(stage.rawDir, ['4']);
  await client.run();
  await land(stage.rawDir, ['3']);
  await aside('Day 3 lands. The classic rule, "above the checkpoint", would never take it:');
  const classic = await client.plan('new');
  const pending = await client.plan('pending');
  const run = await client.run();

  await showDays(await client.days(), run);
  confirm('the classic rule takes nothing: day 3 would be lost', classic.days, []);
  confirm('Daymark takes day 3, because it is late', statesOf(pending), { 3: 'late' });
  confirm('the run adds day 3, and nothing else', outcomesOf(run), { 3: 'added' });
  await prove(stage, client);
}

async function fileIsCorrected({ stage, client }: Scene): Promise<void> {
  await headline(5, 'A corrected file of day 1 arrives.');
  await land(stage.rawDir, ['1'], 8);
  const before = await client.days();
  await showStates(before);
  const run = await client.run();

  await showDays(await client.days(), run);
  confirm('day 1 was seen as changed', statesOf(before)['1'], 'changed');
  confirm('the run replaces day 1, and nothing else', outcomesOf(run), { 1: 'replaced' });
  await prove(stage, client);
}

async function fileIsBad({ stage, client }: Scene): Promise<void> {
  await headline(6, 'Days 5 and 6 arrive, and one cell of day 5 is bad.');
  await land(stage.rawDir, ['5', '6']);
  const bad = await spoil(stage.rawDir, '5');
  const failure = await client.runInVain();
  const { message, ...named } = badCellIn(failure);
  answer(`     ${wrapped(placeOf({ message, ...named }), 9, 90)}`);
  await aside('The file is fixed.');
  await land(stage.rawDir, ['5']);
  const run = await client.run();

  await showDays(await client.days(), run);
  confirm('day 5 failed alone; day 6 was added', outcomesOf(failure.run ?? { days: [] }), {
    5: 'failed',
    6: 'added',
  });
  confirm('the answer named the file, the line, the column and the value', named, bad);
  confirm('fixed, day 5 is added', outcomesOf(run), { 5: 'added' });
  await prove(stage, client);
}

async function processIsKilled({ stage, client }: Scene): Promise<void> {
  await headline(7, 'The whole week is exported again, and the process is killed in the middle.');
  const before = await hashOfOutput(client);
  await land(stage.rawDir, week, 9);
  // The reference engine takes its time, so that there is a middle.
  const { id } = await client.startRun({ body: { engine: 'csv' } });
  const seen = await client.watchRun(id, (run) => run.days.length >= 2);
  // At once: whoever prints first misses the middle.
  await stage.killService();
  await command(`kill -9 ${stage.pid}`);
  answer(`${seen.days.length} of ${week.length} days were aggregated, none was committed`);
  await command('node dist/main.js');
  await stage.startService();
  answer(`listens on ${stage.url}`);
  const interrupted = await client.runById(id);
  const between = await hashOfOutput(client);
  const run = await client.run();

  await showDays(await client.days(), run);
  confirm('the run was under way when it was killed', seen.status, 'running');
  confirm('the service, back again, knows of it', interrupted.status, 'interrupted');
  confirm('the output was still the old one, whole', between, before);
  confirm('the next run replaces all seven days', kindsIn(outcomesOf(run)), ['replaced']);
  await prove(stage, client);
}

async function outputIsDoubled({ stage, client }: Scene): Promise<void> {
  await headline(8, 'A forgotten legacy job appends every row once more.');
  const items = totalItems(await client.days());
  const before = await hashOfOutput(client);
  await command('tail -n +2 orders.csv > again; cat again >> orders.csv');
  const doubled = await appendAgain(stage.outputFile);
  const damaged = await client.days();
  await showStates(damaged);
  const run = await client.run();

  await showDays(await client.days(), run);
  const twice = sumOf([items, items]);
  confirm(`${thousands(twice)} items stood there, each of them twice`, totalItems(damaged), twice);
  confirm('all seven days were seen as damaged', kindsIn(statesOf(damaged)), ['damaged']);
  confirm('the run restores the file to the byte', await hashOfOutput(client), before);
  confirm('what the legacy job made is kept', await keptCopies(stage.outputFile), [doubled]);
  await prove(stage, client);
}
