/** A command in a real terminal: `script` (util-linux) gives it one. */
import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { binary, type Place, type Running, startProcess } from './daymark.js';

/** There is none on some systems, such as those that are not Linux. */
export const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

export interface TerminalOptions {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export function startInTerminal(
  place: Place,
  args: readonly string[],
  { columns = 80, env = {} }: TerminalOptions = {},
): Running {
  const words = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${columns} rows 24 && exec ${words}`;
  return startProcess('script', ['-qec', command, '/dev/null'], place.root, {
    TERM: 'xterm-256color',
    ...place.env,
    ...env,
  });
}

export const eraseLine = '\r\u001b[K';

/** The lines of a screen that is wide enough, after everything was written to it. */
export function screenOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => stripVTControlCharacters(line.replace(/\r$/, '').split(eraseLine).at(-1) ?? ''));
}
