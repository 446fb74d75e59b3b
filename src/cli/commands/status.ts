import type { Argv } from 'yargs';
import type { Client } from '../../client/client.js';
import { isProblem } from '../../client/request-failure.js';
import { pendingStates } from '../../model/day-state.js';
import { connected, datasetIn, withConnection } from '../connect.js';
import type { CliContext, Perform } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { print } from '../print.js';
import { viewStatusOfAll } from '../views/datasets.js';
import { type Status, viewStatus } from '../views/status.js';

const lastRuns = 5;

export function addStatus(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'status',
    'show what is processed, what is pending and why, and what the last runs did',
    (command) =>
      withConnection(command)
        .example('$0 status', 'the first look in the morning')
        .example('$0 status --url http://localhost:3000', 'by the service there')
        .example('$0 status --dataset visits', 'one of several; without it, one line for each')
        .epilogue('Exits with 3 if the service is not ready, otherwise with 0.'),
    perform((args) =>
      connected(context, args, async ({ client }) => {
        const { out } = context.console;
        const datasets = datasetIn(context.env, args) === null ? await client.datasets() : [];
        if (datasets.length > 1) {
          const health = await askHealth(client);
          const all = { place: client.place, ready: 'checks' in health, health, datasets };
          print(out, args, all, () => viewStatusOfAll(out, all));
          return all.ready ? exitCodes.ok : exitCodes.unavailable;
        }
        const status = await askStatus(client);
        print(out, args, status, () => viewStatus(out, status));
        return status.ready ? exitCodes.ok : exitCodes.unavailable;
      }),
    ),
  );
}

async function askStatus(client: Client): Promise<Status> {
  const [health, checkpoint, all, active, last] = await Promise.all([
    askHealth(client),
    client.checkpoint(),
    client.days(pendingStates),
    client.runs({ limit: 200, status: 'queued,running' }),
    client.runs({ limit: lastRuns, status: 'succeeded,failed,cancelled,interrupted' }),
  ]);
  const { days, counts, gaps, ignored, ignoredCount, notices } = all;
  return {
    place: client.place,
    ready: 'checks' in health,
    health,
    notices,
    checkpoint,
    days: { counts, gaps, ignored, ignoredCount },
    pending: days.filter(({ pending }) => pending),
    activeRuns: active.runs,
    lastRuns: last.runs,
  };
}

/** "Not ready" is a valid answer here, not a failure. */
async function askHealth(client: Client): Promise<Status['health']> {
  try {
    return await client.readiness();
  } catch (error) {
    if (isProblem(error, 'not-ready')) return error.problem;
    throw error;
  }
}
