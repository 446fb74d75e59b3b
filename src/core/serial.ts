/** Runs actions one after the other, in the order they came; a failed one does not hold up the next. */
export function createSerial(): <T>(action: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const next = last.then(action, action);
    last = next.catch(() => {});
    return next;
  };
}

/** One at a time; callers that arrive before an action begins share it, so that each gets one that began after its
 * call. */
export function createShared<T>(action: () => Promise<T>): () => Promise<T> {
  const oneByOne = createSerial();
  let next: Promise<T> | null = null;
  return () => {
    next ??= oneByOne(() => {
      next = null;
      return action();
    });
    return next;
  };
}
