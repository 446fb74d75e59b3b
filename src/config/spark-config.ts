/** The settings of the Spark engine. */
import { z } from 'zod';
import type { SparkSettings } from '../engine/spark/settings.js';
import type { EngineChoice } from '../model/engine.js';
import {
  type Conflict,
  type Env,
  integer,
  prefix,
  setting,
  text,
  type ValuesOf,
} from './setting.js';

const confShape =
  'must be a JSON object of Spark’s own settings, each a string, such as {"spark.executor.memory": "4g"}';

export const sparkSettings = {
  sparkMaster: setting(null, text).says(
    'where Spark is, as `spark-submit --master` takes it: `spark://host:7077`, `yarn`, `k8s://…`, `local[4]`; needed for `spark` and `auto`',
  ),
  sparkSubmit: setting(null, text, { unset: 'looked for' }).says(
    'the `spark-submit` to run; by default the one in `SPARK_HOME`, or on the `PATH`',
  ),
  sparkConf: setting(
    '{}',
    z
      .string()
      .transform(parseConf)
      .refine((conf) => conf !== null, confShape)
      .transform((conf) => conf ?? {}),
  ).says(
    'Spark’s own settings, as a JSON object of strings: `{"spark.executor.memory": "4g"}`. They become `--conf` arguments, which everyone on the machine can see: keep secrets in `spark-defaults.conf`',
  ),
  sparkStaging: setting(null, text, {
    unset: 'beside the output, in `_daymark/orders.csv/spark`',
  }).says('a local folder for plans and results; executors need not see it'),
  sparkTimeoutMs: setting('3600000', integer(1_000, 604_800_000)).says(
    'how long one Spark application may take',
  ),
  sparkFromBytes: setting('4294967296', integer(0, Number.MAX_SAFE_INTEGER)).says(
    'the size of a run’s raw files, as stored, from which `auto` uses Spark',
  ),
  sparkExplainUpToBytes: setting('1073741824', integer(0, Number.MAX_SAFE_INTEGER)).says(
    'unusual files (for `columns`, whole days) up to this size are read again by Daymark, for exact errors; for larger ones Spark’s own examples are reported',
  ),
};

type Values = ValuesOf<typeof sparkSettings>;

export function sparkConflicts({ sparkMaster }: Values, engine: EngineChoice): Conflict[] {
  return [[sparkMaster === null && needsSpark(engine), `DAYMARK_ENGINE ${sparkNeed(engine)}`]];
}

export function needsSpark(engine: EngineChoice): boolean {
  return engine === 'spark' || engine === 'auto';
}

/** Follows the name of the setting that chooses the engine. */
export function sparkNeed(engine: EngineChoice): string {
  return `${engine} needs DAYMARK_SPARK_MASTER, such as spark://host:7077, yarn or local[4].`;
}

/** Null: Spark is not configured. */
export function toSparkSettings(values: Values, env: Env): SparkSettings | null {
  if (values.sparkMaster === null) return null;
  return {
    master: values.sparkMaster,
    submit: values.sparkSubmit,
    conf: values.sparkConf,
    staging: values.sparkStaging,
    timeoutMs: values.sparkTimeoutMs,
    explainUpToBytes: values.sparkExplainUpToBytes,
    environment: withoutOurs(env),
  };
}

/** For child processes: they must not see Daymark's settings, least of all the tokens. */
function withoutOurs(env: Env): Record<string, string> {
  const others = Object.entries(env).filter(([name]) => !name.startsWith(prefix));
  return Object.fromEntries(others.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

const confSchema = z.record(z.string().regex(/^[^=\s]+$/), z.string());

function parseConf(text: string): Record<string, string> | null {
  try {
    return confSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
