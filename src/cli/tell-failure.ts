import type { Output } from './console.js';
import type { Failure } from './failure.js';
import { wrapped } from './table.js';

/** For people, on stderr: four short paragraphs at most, and no stack trace. */
export function tellFailure(err: Output, { title, detail, where, nextAction }: Failure): void {
  const label = (name: string, text: string) =>
    `  ${err.paint('dim', name)}${wrapped(text, 9, err.columns())}`;
  const lines = [
    `${err.paint('red', 'daymark:')} ${err.paint('bold', title)}`,
    ...detail
      .split('\n')
      .map((line) => `  ${isCommand(line) ? line : wrapped(line, 2, err.columns())}`),
    ...(where === undefined ? [] : [label('where: ', where)]),
    ...(nextAction === undefined ? [] : [label('next:  ', nextAction)]),
  ];
  err.write(`${lines.join('\n')}\n`);
}

/** Not wrapped, since it is meant to be copied; the terminal may fold it. */
function isCommand(line: string): boolean {
  return line.startsWith('    ');
}
