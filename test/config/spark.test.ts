import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

it('reads every setting of Spark, and what its processes are to see', () => {
  const { spark, sparkFromBytes, dataset } = readConfig({
    PATH: '/usr/bin',
    HOME: '',
    DAYMARK_OPERATE_TOKEN: 'secret',
    DAYMARK_ENGINE: 'auto',
    DAYMARK_SPARK_MASTER: 'spark://host:7077',
    DAYMARK_SPARK_SUBMIT: '/opt/spark/bin/spark-submit',
    DAYMARK_SPARK_CONF: '{"spark.a": "b=c d", "spark.e": ""}',
    DAYMARK_SPARK_RAW_ROOT: 's3a://bucket/raw',
    DAYMARK_SPARK_STAGING: '/var/tmp/staging',
    DAYMARK_SPARK_TIMEOUT_MS: '60000',
    DAYMARK_SPARK_FROM_BYTES: '5',
    DAYMARK_SPARK_EXPLAIN_UP_TO_BYTES: '0',
  });
  expect(sparkFromBytes).toBe(5);
  expect(dataset).toMatchObject({ engine: 'auto', sparkRawRoot: 's3a://bucket/raw' });
  expect(spark).toEqual({
    master: 'spark://host:7077',
    submit: '/opt/spark/bin/spark-submit',
    conf: { 'spark.a': 'b=c d', 'spark.e': '' },
    staging: '/var/tmp/staging',
    timeoutMs: 60_000,
    explainUpToBytes: 0,
    environment: { PATH: '/usr/bin' },
  });
});

it.each(['spark', 'auto'])('refuses the engine %s without a master', (engine) => {
  expect(mistakesOf({ DAYMARK_ENGINE: engine })).toEqual([
    `DAYMARK_ENGINE ${engine} needs DAYMARK_SPARK_MASTER, such as spark://host:7077, yarn or local[4].`,
  ]);
});

it.each(['x', '[]', '{"a": 1}', '{"a b": "c"}', '{"a=b": "c"}', '"a"'])(
  'refuses the conf %j',
  (conf) => {
    expect(mistakesOf({ DAYMARK_SPARK_CONF: conf })[0]).toMatch(
      /^DAYMARK_SPARK_CONF must be a JSON object/,
    );
  },
);

it.each(['/mnt/raw', 'raw', 'hdfs:'])('refuses the raw root %j', (root) => {
  expect(mistakesOf({ DAYMARK_SPARK_RAW_ROOT: root })[0]).toMatch(
    /^DAYMARK_SPARK_RAW_ROOT must be a URI/,
  );
});
