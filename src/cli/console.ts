/** Where the command line prints: results to stdout, everything else to stderr. */
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Output {
  readonly isTerminal: boolean;
  /** Effectively unlimited when the output is not a terminal. */
  readonly columns: () => number;
  write(text: string): void;
  /** Colours, if the output is a terminal and `NO_COLOR` is not set. */
  paint(style: Style, text: string): string;
}

export interface Console {
  readonly out: Output;
  readonly err: Output;
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write' | 'on'>;

export function createConsole(
  streams: { readonly stdout: Stream; readonly stderr: Stream },
  env: NodeJS.ProcessEnv,
): Console {
  return { out: outputTo(streams.stdout, env), err: outputTo(streams.stderr, env) };
}

function outputTo(stream: Stream, env: NodeJS.ProcessEnv): Output {
  // The reader may close the pipe, as `head` does. The command goes on, and its exit status stays correct.
  let isOpen = true;
  stream.on('error', () => {
    isOpen = false;
  });
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb';
  const isColoured = isTerminal && !env['NO_COLOR'];
  return {
    isTerminal,
    columns: () => (isTerminal ? stream.columns || 80 : Number.POSITIVE_INFINITY),
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    paint: (style, text) => (isColoured ? styleText(style, text) : text),
  };
}
