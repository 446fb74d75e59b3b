/** The settings of the Spark engine. */
import { z } from 'zod';
import type { SparkSettings } from '../engine/spark/settings.js';
import type { EngineChoice } from '../model/engine.js';
import { integer, optionalText } from './setting-shapes.js';

const confShape =
  'must be a JSON object of Spark’s own settings, each a string, such as {"spark.executor.memory": "4g"}';

export const sparkShapes = {
  SPARK_MASTER: optionalText,
  SPARK_SUBMIT: optionalText,
  SPARK_CONF: z
    .string()
    .refine((text) => parseConf(text) !== null, confShape)
    .transform((text) => parseConf(text) ?? {})
    .default({}),
  SPARK_RAW_ROOT: optionalText.refine(
    (uri) => uri === null || /^[a-z][a-z0-9+.-]*:\/.+/i.test(uri),
    'must be a URI such as hdfs://namenode/raw, s3a://bucket/raw or file:///mnt/raw',
  ),
  SPARK_STAGING: optionalText,
  SPARK_TIMEOUT_MS: integer(1_000, 604_800_000, 3_600_000),
  SPARK_FROM_BYTES: integer(0, Number.MAX_SAFE_INTEGER, 4_294_967_296),
  SPARK_EXPLAIN_UP_TO_BYTES: integer(0, Number.MAX_SAFE_INTEGER, 1_073_741_824),
};

type Values = z.output<z.ZodObject<typeof sparkShapes>>;

export function sparkConflicts(
  { ENGINE, SPARK_MASTER }: Values & { readonly ENGINE: EngineChoice },
  prefix: string,
): string[] {
  if (SPARK_MASTER !== null || (ENGINE !== 'spark' && ENGINE !== 'auto')) return [];
  return [
    `${prefix}ENGINE ${ENGINE} needs ${prefix}SPARK_MASTER, such as spark://host:7077, yarn or local[4].`,
  ];
}

/** `environment` is what the application's processes are to see. */
export function toSparkSettings(
  values: Values,
  environment: Readonly<Record<string, string>>,
): SparkSettings | null {
  if (values.SPARK_MASTER === null) return null;
  return Object.freeze({
    master: values.SPARK_MASTER,
    submit: values.SPARK_SUBMIT,
    conf: Object.freeze(values.SPARK_CONF),
    rawRoot: values.SPARK_RAW_ROOT,
    staging: values.SPARK_STAGING,
    timeoutMs: values.SPARK_TIMEOUT_MS,
    explainUpToBytes: values.SPARK_EXPLAIN_UP_TO_BYTES,
    environment,
  });
}

const confSchema = z.record(z.string().regex(/^[^=\s]+$/), z.string());

function parseConf(text: string): Record<string, string> | null {
  try {
    return confSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
