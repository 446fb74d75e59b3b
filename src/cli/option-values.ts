/** Options that yargs reads as text, so that errors can be explained well. */
import { UsageError } from './failure.js';

/** The words between the commas. */
export function listWords(option: string, text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) {
    throw new UsageError(`--${option} "${text}" holds an empty entry; write it as 3,4,5.`);
  }
  return words;
}

const maxSeconds = 10_000_000;

export function readSeconds(option: string, text: string): number {
  const seconds = /^[0-9]{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= maxSeconds) return seconds;
  throw new UsageError(
    `--${option} is a number of seconds from 0 to ${maxSeconds}, not "${text}".`,
  );
}
