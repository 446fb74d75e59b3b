import { useEffect, useState } from 'preact/hooks';
import type { SumsWish } from '../../client/client.js';
import type { Sums } from '../../client/types.js';
import { type Problem, problemFrom } from '../model/problem.js';
import { useDashboard } from '../store/dashboard.js';

/**
 * Asked for again when `version` is another, and shown until the answer is there; of another wish nothing is shown.
 * Null while it is not known, and where nothing is wished for.
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
