import { useEffect, useState } from 'preact/hooks';
import type { SumsWish } from '../../client/client.js';
import type { Sums } from '../../client/types.js';
import { type Problem, problemFrom } from '../model/problem.js';
import { useDashboard } from '../store/dashboard.js';

/**
 * Requested again when `version` changes; the old sums are shown until the response arrives, but never those of another
 * request. Null while they are not known, and if none are wanted.
 */
export function useSums(wish: SumsWish | null, version: string): Sums | Problem | null {
  const { session } = useDashboard();
  const [found, setFound] = useState<{ of: string; answer: Sums | Problem } | null>(null);
  const of = JSON.stringify(wish);
  useEffect(() => {
    if (wish === null) return undefined;
    let isWanted = true;
    const show = (answer: Sums | Problem) => {
      if (isWanted) setFound({ of, answer });
    };
    session.client.sums(wish).then(show, (error: unknown) => show(problemFrom(error)));
    return () => {
      isWanted = false;
    };
  }, [of, version]);
  return found?.of === of ? found.answer : null;
}
