/** Around the story: the opening, the closing, and an end that leaves nothing behind. */
import { Differs } from './confirm.js';
import { openStage, type Stage } from './stage.js';
import { aside, paint, pause, say } from './terminal.js';

/** Ends the process: with 0, or with 1 where something was not as it must be. */
export async function perform(story: (stage: Stage) => Promise<void>): Promise<never> {
  leaveInOrder();
  try {
    const startedAt = performance.now();
    say();
    say(paint('bold', 'Daymark: eight mishaps of a nightly job, and one CSV that stays right.'));
    say();
    const stage = await openStage();
    await introduce(stage);
    await story(stage);
    conclude((performance.now() - startedAt) / 1000);
    process.exit(0);
  } catch (error) {
    complain(error as Error);
    process.exit(1);
  }
}

/** Any exit clears the stage (see `openStage`), so an exit is all that a signal takes. */
function leaveInOrder(): void {
  process.once('SIGHUP', () => process.exit(129));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  // A reader that has seen enough, such as `head`, closes the pipe.
  process.stdout.once('error', () => process.exit(141));
}

async function introduce({ url, checkpoint, folder }: Stage): Promise<void> {
  say(`service      ${url}, a process of its own`);
  say(`checkpoint   ${checkpoint.kind}`);
  say(`files        ${folder}, removed at the end`);
  say();
  await aside('After each step: the days (GET /v1/days), and the proof that the output');
  await aside('(GET /v1/output as text/csv) holds what the raw files hold, each item once.');
  await pause(500);
}

function conclude(seconds: number): void {
  const time = paint('dim', `(${seconds.toFixed(1)} s)`);
  say();
  say(paint(['bold', 'green'], 'Eight mishaps, and no item was lost or counted twice. ') + time);
  say();
  say('Go on with your own days:');
  say();
  say(`  npm start                                              ${paint('dim', 'the service')}`);
  say(`  http://localhost:3000/docs                             ${paint('dim', 'Swagger UI')}`);
  say(`  curl -X POST 'http://localhost:3000/v1/runs?wait=60'   ${paint('dim', 'a run')}`);
  say();
}

function complain(error: Error): void {
  const text = error instanceof Differs ? error.message : (error.stack ?? error.message);
  process.stderr.write(`\n  ${paint('red', '✗ Not as it must be:')} ${text}\n`);
}
