import type { Argv } from 'yargs';
import { makeSample } from '../../sample/make-sample.js';
import { defaultSample, readSampleOptions } from '../../sample/options.js';
import type { CliContext, Perform } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { UsageError } from '../failure.js';

export function addGenerate(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'generate',
    'write sample raw days: {out}/{day}/orders_{day}.csv',
    (command) =>
      withSampleOptions(command)
        .example('$0 generate', 'a week of days')
        .example('$0 generate --days 0..29 --orders 5000', 'a month of larger ones')
        .example('$0 generate --layout date --days 2026-11-17..2026-11-23', 'days that are dates'),
    perform(async (args) => {
      const { out } = context.console;
      const options = readSampleOptions(args);
      if (options.kind === 'mistake') throw new UsageError(options.sentence);
      for await (const { path, orders, outcome } of makeSample(options.options)) {
        if (outcome === 'kept') {
          throw new UsageError(`${path} holds something else; --force replaces it.`);
        }
        out.write(`${path}: ${orders} orders, ${outcome}\n`);
      }
      return exitCodes.ok;
    }),
  );
}

function withSampleOptions(yargs: Argv) {
  return yargs
    .option('out', {
      type: 'string',
      requiresArg: true,
      default: defaultSample.out,
      description: 'the raw root',
    })
    .option('days', {
      type: 'string',
      requiresArg: true,
      description: 'a range or a list: 0..6, or 0,3,5 (default: 0..6)',
    })
    .option('orders', {
      type: 'string',
      requiresArg: true,
      description: 'orders in each day (default: between 85 and 120, by day and seed)',
    })
    .option('seed', {
      type: 'string',
      requiresArg: true,
      default: defaultSample.seed,
      description: 'a different seed gives different orders; 0 to 4294967295',
    })
    .option('layout', {
      choices: ['index', 'date'] as const,
      default: defaultSample.layout,
      description: 'how days are named',
    })
    .option('force', {
      type: 'boolean',
      default: false,
      description: 'replace files that hold something else',
    });
}
