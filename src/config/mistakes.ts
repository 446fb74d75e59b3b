/** Tries one thing after the other, so that all that is wrong is told at once. */
export interface Mistakes {
  readonly all: readonly string[];
  /** Null where it throws; `failure` and its message are a mistake then. */
  attempt<T>(act: () => T, failure: string): T | null;
}

export function collectMistakes(): Mistakes {
  const all: string[] = [];
  return {
    all,
    attempt: (act, failure) => {
      try {
        return act();
      } catch (error) {
        all.push(`${failure}: ${(error as Error).message}.`);
        return null;
      }
    },
  };
}
