/** Runs many cases, a few at a time, and gathers what broke instead of stopping at the first. */
export async function eachAtOnce<T>(
  cases: readonly T[],
  run: (each: T, index: number) => Promise<void>,
  describe: (each: T) => string,
): Promise<string[]> {
  const broken: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < cases.length; index = next++) {
      const each = cases[index] as T;
      try {
        await run(each, index);
      } catch (error) {
        broken.push(`${describe(each)}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return broken;
}

/** Node has four threads for file operations. */
const atOnce = 6;
