import type { Argv } from 'yargs';
import { foundNoDay } from '../../model/notice.js';
import { connected, withConnection } from '../connect.js';
import type { CliContext, Perform } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { print } from '../print.js';
import { selectionOf, withSelection } from '../selection.js';
import { viewPlan } from '../views/plan.js';

export function addPlan(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'plan',
    'show which days a run would process now, and why',
    (command) =>
      withSelection(withConnection(command))
        .option('exit-code', {
          type: 'boolean',
          default: false,
          description: 'exit with 1 if there is something to do, or no day was found',
        })
        .example('$0 plan', 'what is pending')
        .example('$0 plan --select new', 'by the traditional rule: only days above the checkpoint')
        .example('$0 plan --exit-code || $0 run', 'run only if there is something to do'),
    perform((args) =>
      connected(context, args, async ({ client }) => {
        const { out } = context.console;
        const plan = await client.plan(selectionOf(args));
        print(out, args, plan, () => viewPlan(out, plan));
        return args['exit-code'] && (plan.days.length > 0 || foundNoDay(plan.notices))
          ? exitCodes.found
          : exitCodes.ok;
      }),
    ),
  );
}
