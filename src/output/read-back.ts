/** Anything to be written is first read back with its reader, so that no process writes what none can read. */
import { isDeepStrictEqual } from 'node:util';

/**
 * Throws, with a sentence, where `read` (which does what a reader does with the bytes) fails, or gives something other
 * than `wanted`. Nothing is written yet, so a bug costs a run and no data.
 */
export function assertReadsBack<T>(what: string, wanted: T, read: () => T): void {
  const defect = (reason: string, cause?: unknown) =>
    new Error(`${what} would not be read back as it is: ${reason}. Nothing was written`, { cause });
  let found: T;
  try {
    found = read();
  } catch (cause) {
    throw defect((cause as Error).message, cause);
  }
  if (!isDeepStrictEqual(found, wanted)) throw defect(`${placeOf(wanted, found)} differs`);
}

/** The path to the first difference, such as `days.3.items`. */
function placeOf(wanted: unknown, found: unknown, path: readonly string[] = []): string {
  if (isObject(wanted) && isObject(found)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
      if (!isDeepStrictEqual(wanted[name], found[name]) || name in wanted !== name in found) {
        return placeOf(wanted[name], found[name], [...path, name]);
      }
    }
  }
  return path.join('.') || 'it';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
