import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemFrom } from '../model/problem.js';

/** The value that the page already has for this key, or the service's answer to a request; null until then. */
export function useKnown<T>(
  key: string,
  known: T | undefined,
  ask: (key: string) => Promise<T>,
): T | Problem | null {
  const [asked, setAsked] = useState<T | Problem | null>(null);
  useEffect(() => {
    if (known === undefined) {
      ask(key).then(setAsked, (error: unknown) => setAsked(problemFrom(error)));
    }
  }, [key, known === undefined]);
  return known ?? asked;
}
