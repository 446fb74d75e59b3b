/**
 * Folders that may each be on a separate mount. A mount that hangs blocks one thread of the pool for each pending
 * operation, and the process has only a few. So once a place has not responded for a while, it gets only one operation
 * at a time.
 */

interface Place {
  /** Ends with a separator. */
  readonly prefix: string;
  /** How many operations are pending. */
  asked: number;
  answeredAtMs: number;
  readonly waiting: (() => void)[];
}

/** Longer than a healthy network file system takes for an answer. */
const silenceMs = 250;

const places = new Map<string, Place>();

/** Registers a place. A folder that is given twice is one place. */
export function knowPlace(folder: string): void {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  if (places.has(prefix)) return;
  const never = Number.NEGATIVE_INFINITY;
  places.set(prefix, { prefix, asked: 0, answeredAtMs: never, waiting: [] });
}

/** Runs the operation when the place of `path` responds; at once if `path` is in no place. */
export async function askInPlace<T>(
  path: string,
  ask: (isAnswered: () => void) => Promise<T>,
): Promise<T> {
  const place = placeOf(path);
  if (place === null) return ask(() => {});
  while (isSilent(place)) await new Promise<void>((next) => place.waiting.push(next));
  place.asked += 1;
  try {
    return await ask(() => answered(place));
  } finally {
    place.asked -= 1;
    answered(place);
  }
}

/** Empty where it is in none. */
export function placeNameOf(path: string): string {
  return placeOf(path)?.prefix ?? '';
}

function answered(place: Place): void {
  place.answeredAtMs = performance.now();
  for (const next of place.waiting.splice(0)) next();
}

/** Whether it has an operation that may never complete. */
function isSilent({ asked, answeredAtMs }: Place): boolean {
  return asked > 0 && performance.now() - answeredAtMs > silenceMs;
}

/** The innermost. */
function placeOf(path: string): Place | null {
  let found: Place | null = null;
  for (const place of places.values()) {
    const isIn = path.startsWith(place.prefix) || `${path}/` === place.prefix;
    if (isIn && place.prefix.length > (found?.prefix.length ?? 0)) found = place;
  }
  return found;
}
