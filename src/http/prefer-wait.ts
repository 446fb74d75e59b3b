/** How long a caller is willing to wait for a run: `?wait=SECONDS`, or else `Prefer: wait=SECONDS`. */

/** The longest wait, in seconds. */
const maxWaitSeconds = 3600;

export interface WaitWish {
  readonly seconds: number;
  /** For `Preference-Applied`; null if the query asked. */
  readonly applied: string | null;
}

/** Null if the caller did not ask to wait. */
export function waitWish(query: number | undefined, prefer: string | undefined): WaitWish | null {
  if (query !== undefined) return { seconds: query, applied: null };
  const seconds = preferredWait(prefer ?? '');
  return seconds === null ? null : { seconds, applied: `wait=${seconds}` };
}

/**
 * The first `wait` among the preferences, capped. RFC 7240: servers ignore preferences that they cannot read, and name
 * the ones they applied in `Preference-Applied`.
 */
function preferredWait(prefer: string): number | null {
  for (const preference of prefer.split(',')) {
    const [name = '', value = ''] = (preference.split(';', 1)[0] ?? '').split('=');
    if (name.trim().toLowerCase() !== 'wait') continue;
    const digits = value.trim().replace(/^"(.*)"$/, '$1');
    return /^[0-9]{1,9}$/.test(digits) ? Math.min(Number(digits), maxWaitSeconds) : null;
  }
  return null;
}
