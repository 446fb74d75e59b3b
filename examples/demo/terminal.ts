/** What the demo prints: plain text anywhere, with colours and short pauses where a person watches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createConsole } from '#daymark/cli/console.js';

export const { out } = createConsole(process, process.env);
export const { paint } = out;

/** One line, or an empty one. */
export function say(text = ''): void {
  out.write(text === '' ? '\n' : `  ${text}\n`);
}

export async function headline(number: number, text: string): Promise<void> {
  say();
  out.write(`${paint(['bold', 'cyan'], `${number}  ${text}`)}\n`);
  say();
  await pause(300);
}

/** A command that the reader could type; longer ones take several lines. */
export async function command(text: string): Promise<void> {
  say(`${paint('dim', '$')} ${paint('bold', text.replaceAll('\n', '\n      '))}`);
  await pause(100);
}

/** A remark of the narrator. */
export async function aside(text: string): Promise<void> {
  say(paint('dim', text));
  await pause(100);
}

/** What came of a command. */
export function answer(text: string): void {
  say(`  ${text}`);
}

export function tick(claim: string): void {
  say(`${paint('green', '✓')} ${claim}`);
}

/** For a person to read on. Nobody waits where nobody watches. */
export async function pause(milliseconds: number): Promise<void> {
  if (out.isTerminal) await sleep(milliseconds);
}

export { formatTotal as thousands } from '#daymark/model/total.js';
