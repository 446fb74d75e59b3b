/**
 * Background looks, so that metrics are fresh and a checkpoint lost overnight is restored before the morning. A failed
 * look is reported, and the next one tries again.
 */
export interface Watch {
  stop(): void;
}

export function createWatch(
  look: () => Promise<unknown>,
  intervalMs: number,
  onFailure: (error: unknown) => void,
): Watch {
  // The end of one look starts the clock for the next: looks never pile up.
  const tick = async () => {
    await look().catch(onFailure);
    if (!stopped) timer = schedule();
  };
  const schedule = () => setTimeout(() => void tick(), intervalMs).unref();
  let stopped = intervalMs === 0;
  let timer = stopped ? undefined : schedule();

  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
