/**
 * Folders of which each may lie on a mount of its own. A mount that hangs holds a thread of the pool for each question
 * that it was asked, and all of the process has few of them. So a place that was silent for a while is asked one thing
 * first, and the next when that is answered.
 */

interface Place {
  /** Ends with a separator. */
  readonly prefix: string;
  /** How many questions are open. */
  asked: number;
  answeredAtMs: number;
  readonly waiting: (() => void)[];
}

/** Longer than a healthy network file system takes for an answer. */
const silenceMs = 250;

const places = new Map<string, Place>();

/** From now on. A folder that is given twice is one place. */
export function knowPlace(folder: string): void {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  if (places.has(prefix)) return;
  const never = Number.NEGATIVE_INFINITY;
  places.set(prefix, { prefix, asked: 0, answeredAtMs: never, waiting: [] });
}

/** Asks when the place of `path` answers; at once where `path` is in none. */
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

/** Whether something was asked of it that may never be answered. */
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
