/** Announces a large change first, and makes it only after confirmation. */
import { createInterface } from 'node:readline/promises';
import type { CliContext } from './context.js';
import { UsageError } from './failure.js';
import { wrapped } from './table.js';

/** Without a terminal, `--yes` is required. */
export async function askFirst(
  { console: { err } }: CliContext,
  { yes }: { readonly yes: boolean },
  consequence: () => Promise<string>,
): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !err.isTerminal) {
    throw new UsageError('There is no terminal to ask for confirmation; use --yes.');
  }
  const lines = (await consequence()).split('\n');
  err.write(lines.map((line) => `${wrapped(line, 0, err.columns())}\n`).join(''));
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // A closed input (Ctrl-D) never answers, and that is a no.
  const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([asking.question('Go on? [y/N] '), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
