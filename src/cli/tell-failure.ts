import type { Output } from './console.js';
import type { Failure } from './failure.js';

/** For people, on stderr: four short paragraphs at most, and no stack trace. */
export function tellFailure(err: Output, { title, detail, where, nextAction }: Failure): void {
  const lines = [
    `${err.paint('red', 'daymark:')} ${err.paint('bold', title)}`,
    ...detail.split('\n').map((line) => `  ${line}`),
    ...(where === undefined ? [] : [`  ${err.paint('dim', 'where:')} ${where}`]),
    ...(nextAction === undefined ? [] : [`  ${err.paint('dim', 'next:')}  ${nextAction}`]),
  ];
  err.write(`${lines.join('\n')}\n`);
}
