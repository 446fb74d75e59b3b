import { usualOrders } from './generate-day.js';
import { help, parseOptions, type SampleOptions } from './options.js';
import { writeDay } from './write-day.js';

export interface Terminal {
  say(text: string): void;
  complain(text: string): void;
}

/** As sysexits.h has them. */
const exitCodes = { done: 0, usage: 64, writing: 74 } as const;

/** The command as a whole; returns its exit code. */
export async function sampleCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseOptions(args);
  switch (parsed.kind) {
    case 'help':
      terminal.say(help);
      return exitCodes.done;
    case 'mistake':
      terminal.complain(`${parsed.sentence}\nSee --help.\n`);
      return exitCodes.usage;
    case 'options':
      return await writeDays(parsed.options, terminal);
    default:
      return parsed satisfies never;
  }
}

async function writeDays(options: SampleOptions, terminal: Terminal): Promise<number> {
  const { out, layout, days, seed, force } = options;
  for (const day of days) {
    const orders = options.orders ?? usualOrders(day, seed);
    try {
      const sample = { day, seed, orders, layout };
      const { path, outcome } = await writeDay(out, sample, { replace: force });
      if (outcome === 'kept') {
        terminal.complain(`${path} holds something else; --force replaces it.\n`);
        return exitCodes.usage;
      }
      terminal.say(`${path}: ${orders} orders, ${outcome}\n`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      terminal.complain(`Day ${day} could not be written: ${error.message}.\n`);
      return exitCodes.writing;
    }
  }
  return exitCodes.done;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
