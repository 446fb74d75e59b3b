/** The rows of a day of `columns`, as the job packs them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ColumnsDefinition } from '../../model/columns-definition.js';
import { type FoundRows, GroupRows } from '../group-rows.js';
import { unsound } from './results.js';

const lineFeed = 0x0a;
const separator = '\0';
/** Some milliseconds' worth. */
const bytesAtOnce = 1_000_000;

/** Throws ProblemError where they are not well-formed, or not in their order. */
export async function unpackRows(
  packed: Buffer,
  definition: ColumnsDefinition,
): Promise<FoundRows> {
  const groups = new GroupRows(definition, malformed);
  for (const text of pieces(packed)) {
    for (const line of text.split('\n').slice(0, -1)) groups.take(line.split(separator));
    await nextTurn();
  }
  return groups.found;
}

/** Of whole lines. */
function* pieces(packed: Buffer): Generator<string> {
  for (let from = 0; from < packed.length; ) {
    const end = packed.indexOf(lineFeed, Math.min(from + bytesAtOnce, packed.length - 1));
    if (end === -1) throw malformed();
    yield packed.toString('utf8', from, end + 1);
    from = end + 1;
  }
}

function malformed(): Error {
  return unsound('the rows of a day are not well-formed, or not in their order');
}
