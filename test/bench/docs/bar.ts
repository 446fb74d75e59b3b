export interface Bar {
  readonly promise: string;
  readonly measured: string;
  /** Null where it could not be measured. */
  readonly met: boolean | null;
}

export function notMeasured(promise: string): Bar {
  return { promise, measured: 'not measured', met: null };
}
