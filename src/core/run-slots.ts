/**
 * How many runs may work at once, of all datasets together. A free slot goes to the dataset that has waited longest:
 * each has one run at a time, and is in the queue once.
 */
export interface RunSlots {
  readonly most: number;
  /** Returns a function that releases the slot; null if none is free. */
  take(): (() => void) | null;
  /** Calls `begin` with a place as soon as one is free; where that has no use for it by then, it gives it back. */
  wait(begin: (giveBack: () => void) => void): void;
}

export function createRunSlots(most: number): RunSlots {
  const line: ((giveBack: () => void) => void)[] = [];
  let taken = 0;

  const place = () => {
    taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) taken -= 1;
      isTaken = false;
      next();
    };
  };
  const next = () => {
    if (taken < most) line.shift()?.(place());
  };

  return {
    most,
    // If a slot is free, nobody waits.
    take: () => (taken < most ? place() : null),
    wait: (begin) => {
      line.push(begin);
      next();
    },
  };
}

/** The way of one dataset to a place: it stands in the line once. `ask` tells whether it does. */
export function createTurn(
  slots: RunSlots,
  begin: (giveBack: () => void) => void,
): { ask(): boolean } {
  let inLine = false;
  return {
    ask: () => {
      if (inLine) return true;
      inLine = true;
      slots.wait((giveBack) => {
        inLine = false;
        begin(giveBack);
      });
      return inLine;
    },
  };
}

/** How often it is looked whether a run hangs. */
const lookEveryMs = 1_000;

/** For a dataset whose disks may hang: a hanging run gives up its slot. */
export function givenUpWhile(hangs: () => boolean, slots: RunSlots): RunSlots {
  const watched = (giveBack: () => void) => {
    const timer = setInterval(() => {
      if (hangs()) end();
    }, lookEveryMs).unref();
    const end = () => {
      clearInterval(timer);
      giveBack();
    };
    return end;
  };
  return {
    most: slots.most,
    take: () => {
      const giveBack = slots.take();
      return giveBack === null ? null : watched(giveBack);
    },
    wait: (begin) => slots.wait((giveBack) => begin(watched(giveBack))),
  };
}
