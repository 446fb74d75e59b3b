export interface Attempt {
  readonly settled: Promise<void>;
  succeed(): void;
  fail(): void;
}

/** The connection being made, which any number of callers may wait for. */
export function createAttempt(): Attempt {
  let succeed = () => {};
  let fail = () => {};
  const settled = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = () => reject(new Error('the connection could not be made'));
  });
  settled.catch(() => {});
  return { settled, succeed, fail };
}
