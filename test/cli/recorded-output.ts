import type { Output } from '../../src/cli/console.js';

export interface RecordedOutput {
  readonly output: Output;
  text(): string;
}

/** Like a pipe: as wide as needed, without colours. */
export function recordOutput(): RecordedOutput {
  let text = '';
  const output: Output = {
    isTerminal: false,
    columns: () => Number.POSITIVE_INFINITY,
    write: (more) => {
      text += more;
    },
    paint: (_, plain) => plain,
  };
  return { output, text: () => text };
}
