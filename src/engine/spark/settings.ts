/** How Spark is reached, as configured. */
export interface SparkSettings {
  /** As `--master` takes it: `spark://…`, `yarn`, `k8s://…`, `local[4]`. */
  readonly master: string;
  /** The `spark-submit` to run; null where it is to be looked for in SPARK_HOME, then on the PATH. */
  readonly submit: string | null;
  /** Spark's own settings, for `--conf`. */
  readonly conf: Readonly<Record<string, string>>;
  /** A folder of this machine; null for one beside the output. */
  readonly staging: string | null;
  /** How long one application may take. */
  readonly timeoutMs: number;
  /** Files up to this size are read again here where Spark finds something odd in them. */
  readonly explainUpToBytes: number;
  /** What the application's processes are to see; no setting of ours is in it. May hold secrets. */
  readonly environment: Readonly<Record<string, string>>;
}
