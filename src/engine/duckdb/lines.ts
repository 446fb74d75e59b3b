import type { Readable } from 'node:stream';
import { lineFeed } from '../text-meter.js';

/** Calls `onLine` with each line of `stream`, and `onBytes` with what came of it before. A last line without its end is left out. */
export function readLines(
  stream: Readable,
  onLine: (line: string) => void,
  onBytes: (count: number) => void = () => undefined,
): void {
  let begun: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => {
    onBytes(bytes.length);
    let from = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, from)) {
      const rest = bytes.subarray(from, end);
      onLine((begun.length === 0 ? rest : Buffer.concat([...begun, rest])).toString('utf8'));
      begun = [];
      from = end + 1;
    }
    if (from < bytes.length) begun.push(bytes.subarray(from));
  });
}
