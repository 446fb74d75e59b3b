import { useEffect, useState } from 'preact/hooks';
import type { SumsWish } from '../../client/client.js';
import type { Sums } from '../../client/types.js';
import { type Problem, problemFrom } from '../model/problem.js';
import { useDashboard } from '../store/dashboard.js';

/** The value that the page already has for this key, or the service's answer to a request; null until then. */
export function useKnown<T>(
  key: string,
  known: T | undefined,
  ask: (key: string) => Promise<T>,
): T | Problem | null {
  const asked = useAnswer(known === undefined ? () => ask(key) : null, key);
  return known ?? asked;
}

/** Null while they are not known, and if none are wanted. */
export function useSums(wish: SumsWish | null, version: string): Sums | Problem | null {
  const { client } = useDashboard().session;
  return useAnswer(wish && (() => client.sums(wish)), JSON.stringify(wish), version);
}

/**
 * Requested again when `version` changes; the old answer is shown until the new one arrives, but never that of another
 * request or another token. Nothing is requested while the page waits for a token: it would only be refused.
 */
function useAnswer<T>(
  ask: (() => Promise<T>) | null,
  request: string,
  version = '',
): T | Problem | null {
  const { token, refusal } = useDashboard().session;
  const [found, setFound] = useState<{ of: string; answer: T | Problem } | null>(null);
  const of = JSON.stringify([request, token.value]);
  const asking = refusal.value === null ? ask : null;
  useEffect(() => {
    if (asking === null) return undefined;
    let isWanted = true;
    const show = (answer: T | Problem) => {
      if (isWanted) setFound({ of, answer });
    };
    asking().then(show, (error: unknown) => show(problemFrom(error)));
    return () => {
      isWanted = false;
    };
  }, [of, version, asking === null]);
  return found?.of === of ? found.answer : null;
}
