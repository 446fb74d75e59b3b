import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { defaultIgnoredColumns } from '../../src/config/ignored-columns.js';

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('gives the documented defaults', () => {
    const { datasets, ...config } = readConfig({});
    const { raw, template, definition, say, ...dataset } = config.dataset;
    expect(say('set DAYMARK_RAW_DIR')).toBe('set DAYMARK_RAW_DIR');
    expect(datasets).toEqual([config.dataset]);
    expect([raw, template.root]).toEqual(Array(2).fill(resolve('data/incremental/raw')));
    expect(definition).toMatchObject({ kind: 'wide', dayName: 'day_of_week' });
    expect({ ...config, dataset }).toEqual({
      datasetsFile: null,
      duckdbMemory: null,
      duckdbThreads: null,
      dataset: {
        name: 'orders',
        rawDir: 'data/incremental/raw',
        outputFile: 'data/processed/orders.csv',
        layout: 'index',
        requireSuccessFile: false,
        rawCtime: true,
        allowEmptyRaw: false,
        identicalFiles: 'fail',
        requireFinalNewline: false,
        ignoredColumns: [
          'order_id',
          'user_id',
          'eval_set',
          'order_number',
          'order_dow',
          'order_date',
          'order_hour_of_day',
          'days_since_prior_order',
        ],
        adopt: 'compare',
        engine: 'scan',
        sparkRawRoot: null,
        checkpointKey: 'incremental:last_processed_day',
        checkpointRule: 'highest',
      },
      redis: null,
      spark: null,
      sparkFromBytes: 4_294_967_296,
      maxActiveRuns: null,
      reconcileIntervalMs: 60_000,
      logLevel: 'info',
      shutdownTimeoutMs: 10_000,
      host: '127.0.0.1',
      port: 3000,
      tokens: null,
      tls: null,
      trustProxy: [],
      rateLimit: 30_000,
      loginLimit: 20,
      maxLoopDelayMs: 2_000,
      maxHeapBytes: 0,
      maxRssBytes: 0,
      maxEventStreams: 100,
      eventHeartbeatMs: 15_000,
    });
  });

  it('reads every setting', () => {
    const config = readConfig({
      DAYMARK_HOST: 'localhost',
      DAYMARK_PORT: '0',
      DAYMARK_RAW_DIR: '/srv/raw',
      DAYMARK_OUTPUT_FILE: '/srv/out/orders.csv',
      DAYMARK_LAYOUT: 'date',
      DAYMARK_REDIS_URL: 'rediss://user:secret@redis.example:6380/2',
      DAYMARK_REDIS_SENTINELS: 'sentinel-1:26379, [::1]:26380',
      DAYMARK_REDIS_SENTINEL_NAME: 'checkpoints',
      DAYMARK_REDIS_SENTINEL_USER: 'asker',
      DAYMARK_REDIS_SENTINEL_PASSWORD: 'house keys',
      DAYMARK_REDIS_SENTINEL_TLS: 'true',
      DAYMARK_REDIS_TLS_CA_FILE: 'ca.pem',
      DAYMARK_REDIS_TLS_CERT_FILE: 'redis.pem',
      DAYMARK_REDIS_TLS_KEY_FILE: 'redis.key',
      DAYMARK_CHECKPOINT_KEY: 'other',
      DAYMARK_REDIS_TIMEOUT_MS: '100',
      DAYMARK_ENGINE: 'csv',
      DAYMARK_REQUIRE_SUCCESS_FILE: 'true',
      DAYMARK_RAW_CTIME: 'false',
      DAYMARK_ALLOW_EMPTY_RAW: 'true',
      DAYMARK_IDENTICAL_FILES: 'count',
      DAYMARK_REQUIRE_FINAL_NEWLINE: 'true',
      DAYMARK_IGNORED_COLUMNS: 'order_id, note,',
      DAYMARK_READ_TOKEN: 'r',
      DAYMARK_OPERATE_TOKEN: 'o1, airflow:o2:with-colon,a-b.c_d:o3',
      DAYMARK_TLS_CERT_FILE: 'cert.pem',
      DAYMARK_TLS_KEY_FILE: 'key.pem',
      DAYMARK_TRUST_PROXY: '10.0.0.0/8, ::1',
      DAYMARK_RATE_LIMIT: '0',
      DAYMARK_LOGIN_LIMIT: '5',
      DAYMARK_MAX_LOOP_DELAY_MS: '0',
      DAYMARK_MAX_HEAP_BYTES: '1000000000',
      DAYMARK_MAX_RSS_BYTES: '2000000000',
      DAYMARK_MAX_EVENT_STREAMS: '0',
      DAYMARK_EVENT_HEARTBEAT_MS: '100',
      DAYMARK_LOG_LEVEL: 'debug',
      DAYMARK_SHUTDOWN_TIMEOUT_MS: '0',
    });
    expect(config).toMatchObject({
      host: 'localhost',
      port: 0,
      dataset: {
        rawDir: '/srv/raw',
        outputFile: '/srv/out/orders.csv',
        layout: 'date',
        checkpointKey: 'other',
        engine: 'csv',
        requireSuccessFile: true,
        rawCtime: false,
        allowEmptyRaw: true,
        identicalFiles: 'count',
        requireFinalNewline: true,
        ignoredColumns: ['order_id', 'note'],
      },
      redis: {
        url: 'rediss://user:secret@redis.example:6380/2',
        sentinels: {
          addresses: [
            { host: 'sentinel-1', port: 26379 },
            { host: '::1', port: 26380 },
          ],
          name: 'checkpoints',
          username: 'asker',
          password: 'house keys',
          tls: true,
        },
        cluster: [],
        timeoutMs: 100,
        tlsFiles: { caFile: 'ca.pem', certFile: 'redis.pem', keyFile: 'redis.key' },
      },
      tokens: {
        read: [{ name: 'read-1', token: 'r' }],
        operate: [
          { name: 'operate-1', token: 'o1' },
          { name: 'airflow', token: 'o2:with-colon' },
          { name: 'a-b.c_d', token: 'o3' },
        ],
      },
      tls: { certFile: 'cert.pem', keyFile: 'key.pem' },
      trustProxy: ['10.0.0.0/8', '::1'],
      rateLimit: 0,
      loginLimit: 5,
      maxLoopDelayMs: 0,
      maxHeapBytes: 1_000_000_000,
      maxRssBytes: 2_000_000_000,
      maxEventStreams: 0,
      eventHeartbeatMs: 100,
      shutdownTimeoutMs: 0,
    });
  });

  it('is frozen, with all that it holds', () => {
    const env = { DAYMARK_OPERATE_TOKEN: 'sesame', DAYMARK_SPARK_MASTER: 'yarn' };
    const held: unknown[] = [readConfig(env)];
    for (const value of held) {
      if (typeof value !== 'object' || value === null) continue;
      expect(Object.isFrozen(value)).toBe(true);
      held.push(...Object.values(value));
    }
    expect(held.length).toBeGreaterThan(50);
  });

  it('takes an empty string for unset and ignores what has another prefix', () => {
    expect(readConfig({ DAYMARK_PORT: '', PORT: 'x', HOME: '/root' }).port).toBe(3000);
  });

  it('lists every mistake at once', () => {
    const mistakes = mistakesOf({
      DAYMARK_PORT: '70000',
      DAYMARK_LAYOUT: 'week',
      DAYMARK_REDIS_TIMEOUT_MS: 'soon',
      DAYMARK_REQUIRE_SUCCESS_FILE: 'maybe',
      DAYMARK_REDSI_URL: 'redis://localhost',
      DAYMARK_LOG_LEVEL: 'loud',
      DAYMARK_HOST: '0.0.0.0',
    });
    expect(mistakes).toEqual([
      'DAYMARK_REDSI_URL is not a setting. Did you mean DAYMARK_REDIS_URL?',
      'DAYMARK_LAYOUT must be one of: index, date.',
      'DAYMARK_REQUIRE_SUCCESS_FILE must be one of: true, false.',
      'DAYMARK_REDIS_TIMEOUT_MS must be an integer from 1 to 60000.',
      'DAYMARK_LOG_LEVEL must be one of: fatal, error, warn, info, debug, trace, silent.',
      'DAYMARK_PORT must be an integer from 0 to 65535.',
      expect.stringMatching(/^DAYMARK_HOST 0\.0\.0\.0 is reachable from other machines/),
    ]);
  });

  describe('ignored columns', () => {
    const ignored = (names: string) =>
      readConfig({ DAYMARK_IGNORED_COLUMNS: names }).dataset.ignoredColumns;

    it('replace the default, or are added to it', () => {
      expect(ignored('store,a+b')).toEqual(['store', 'a+b']);
      expect(ignored('+store, +Unnamed: 0,+order_id,+ till')).toEqual([
        ...defaultIgnoredColumns,
        'store',
        'Unnamed: 0',
        'till',
      ]);
    });

    it('are not half of the one and half of the other', () => {
      expect(mistakesOf({ DAYMARK_IGNORED_COLUMNS: '+store,other' })).toEqual([
        expect.stringMatching(
          /^DAYMARK_IGNORED_COLUMNS has names with a \+, which are added to the default, and names/,
        ),
      ]);
    });

    it('have names', () => {
      expect(mistakesOf({ DAYMARK_IGNORED_COLUMNS: '+store,+' })).toEqual([
        'DAYMARK_IGNORED_COLUMNS has a + without a name after it.',
      ]);
    });
  });

  it('names no setting where none is near', () => {
    expect(mistakesOf({ DAYMARK_COLOUR_OF_THE_SKY: 'blue' })).toEqual([
      'DAYMARK_COLOUR_OF_THE_SKY is not a setting.',
    ]);
  });

  it.each(['-1', '3.5', '1e3', '0x10', ' 80'])('refuses the port %j', (port) => {
    expect(mistakesOf({ DAYMARK_PORT: port })).toHaveLength(1);
  });

  it.each(['http://redis', 'redis//:hunter2@host', 'redis://:hunter2@', 'hunter2'])(
    'refuses the Redis URL %s and never repeats it',
    (url) => {
      const mistakes = mistakesOf({ DAYMARK_REDIS_URL: url });
      expect(mistakes).toHaveLength(1);
      expect(mistakes.join()).not.toContain('hunter2');
      expect(mistakes[0]).toMatch(/^DAYMARK_REDIS_URL must be a URL such as/);
    },
  );

  it('takes the nodes of a cluster, or Sentinels, without a URL', () => {
    expect(readConfig({ DAYMARK_REDIS_CLUSTER: 'a:7000,b:7001' }).redis).toMatchObject({
      cluster: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
      ],
      sentinels: null,
    });
    const { redis } = readConfig({
      DAYMARK_REDIS_SENTINELS: 'a:26379',
      DAYMARK_REDIS_SENTINEL_NAME: 'm',
    });
    expect(redis).toMatchObject({ sentinels: { name: 'm', username: null, tls: false } });
  });

  it('tells all that is wrong with how Redis is set up, and no password', () => {
    const mistakes = mistakesOf({
      DAYMARK_REDIS_URL: 'redis://:hunter2@redis/1',
      DAYMARK_REDIS_SENTINELS: 'a:26379',
      DAYMARK_REDIS_SENTINEL_USER: 'asker',
      DAYMARK_REDIS_CLUSTER: 'b:7000',
      DAYMARK_REDIS_TLS_CERT_FILE: 'redis.pem',
    });
    expect(mistakes).toEqual([
      expect.stringMatching(
        /^DAYMARK_REDIS_SENTINELS and DAYMARK_REDIS_CLUSTER exclude each other/,
      ),
      expect.stringMatching(/^DAYMARK_REDIS_SENTINELS needs DAYMARK_REDIS_SENTINEL_NAME/),
      expect.stringMatching(/^DAYMARK_REDIS_SENTINEL_USER needs DAYMARK_REDIS_SENTINEL_PASSWORD/),
      expect.stringMatching(/^DAYMARK_REDIS_URL names database 1, and a cluster has only/),
      expect.stringMatching(/^DAYMARK_REDIS_TLS_CERT_FILE and DAYMARK_REDIS_TLS_KEY_FILE belong/),
      expect.stringMatching(
        /^DAYMARK_REDIS_TLS_CERT_FILE: .* Begin DAYMARK_REDIS_URL with rediss:/,
      ),
    ]);
    expect(mistakes.join()).not.toContain('hunter2');
  });

  it('says which settings take Sentinels, where there are none', () => {
    const mistakes = mistakesOf({
      DAYMARK_REDIS_SENTINEL_NAME: 'm',
      DAYMARK_REDIS_SENTINEL_PASSWORD: 'hunter2',
      DAYMARK_REDIS_SENTINEL_TLS: 'true',
    });
    expect(mistakes).toEqual([
      'DAYMARK_REDIS_SENTINEL_NAME, DAYMARK_REDIS_SENTINEL_PASSWORD, DAYMARK_REDIS_SENTINEL_TLS: there are no Sentinels. Set DAYMARK_REDIS_SENTINELS, such as sentinel-1:26379,sentinel-2:26379.',
    ]);
  });

  it.each(['redis', 'redis:', 'redis:0', 'redis:99999', 'redis://a:1', 'user@redis:1', 'a:1,b'])(
    'refuses %s as nodes of a cluster',
    (nodes) => {
      expect(mistakesOf({ DAYMARK_REDIS_CLUSTER: nodes })).toEqual([
        'DAYMARK_REDIS_CLUSTER must be addresses such as redis-1:6379, separated by commas.',
      ]);
    },
  );

  it('refuses an output inside the raw root', () => {
    const env = { DAYMARK_RAW_DIR: '/srv/raw', DAYMARK_OUTPUT_FILE: '/srv/raw/out/orders.csv' };
    expect(mistakesOf(env)[0]).toMatch(/lies inside DAYMARK_RAW_DIR/);
    expect(mistakesOf({ ...env, DAYMARK_OUTPUT_FILE: '/srv/raw-out/orders.csv' })).toEqual([]);
  });

  it.each(['DAYMARK_TLS_CERT_FILE', 'DAYMARK_TLS_KEY_FILE'])('refuses %s alone', (name) => {
    expect(mistakesOf({ [name]: 'file.pem' })).toEqual([
      expect.stringMatching(/belong together\. Set both/),
    ]);
  });

  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0.1;10.0.0.2', '::1/129', 'true'])(
    'refuses %j as a proxy',
    (proxy) => {
      expect(mistakesOf({ DAYMARK_TRUST_PROXY: proxy })).toHaveLength(1);
    },
  );

  it('takes commas without tokens between them for no token', () => {
    const env = { DAYMARK_HOST: '0.0.0.0', DAYMARK_OPERATE_TOKEN: ' , '.trim() };
    expect(mistakesOf(env)[0]).toMatch(/requires DAYMARK_OPERATE_TOKEN/);
  });

  describe('a bind beyond loopback', () => {
    it.each(['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost'])('lets %s pass', (host) => {
      expect(mistakesOf({ DAYMARK_HOST: host })).toEqual([]);
    });

    it.each(['0.0.0.0', '::', '10.0.0.7', '127.example.org'])(
      'refuses %s without tokens',
      (host) => {
        expect(mistakesOf({ DAYMARK_HOST: host })[0]).toMatch(/requires DAYMARK_OPERATE_TOKEN/);
      },
    );

    it('passes with the operate token', () => {
      const env = { DAYMARK_HOST: '0.0.0.0', DAYMARK_OPERATE_TOKEN: 'sesame' };
      expect(mistakesOf(env)).toEqual([]);
      expect(mistakesOf({ ...env, DAYMARK_READ_TOKEN: 'swordfish' })).toEqual([]);
    });

    it.each([
      [{ DAYMARK_OPERATE_TOKEN: 'swordfish,swordfish' }, /hold a token twice/],
      [
        { DAYMARK_READ_TOKEN: 'swordfish', DAYMARK_OPERATE_TOKEN: 'other,ops:swordfish' },
        /are the same, or share a token/,
      ],
      [
        { DAYMARK_READ_TOKEN: 'ops:swordfish', DAYMARK_OPERATE_TOKEN: 'ops:other' },
        /one name to two tokens/,
      ],
      [{ DAYMARK_OPERATE_TOKEN: 'swordfish,ops:' }, /name without a token/],
      [{ DAYMARK_OPERATE_TOKEN: 'swordfish-ü' }, /beyond ASCII/],
      [{ DAYMARK_READ_TOKEN: 'swordfish' }, /without DAYMARK_OPERATE_TOKEN/],
      [{ DAYMARK_READ_TOKEN: 'same', DAYMARK_OPERATE_TOKEN: 'same' }, /are the same/],
      [{ DAYMARK_OPERATE_TOKEN: 'two words' }, /cannot hold white space/],
    ])('does not pass with tokens such as %j, which no message repeats', (tokens, message) => {
      const mistakes = mistakesOf(tokens);
      expect(mistakes[0]).toMatch(message);
      expect(mistakes.join()).not.toMatch(/swordfish|two words/);
    });
  });
});
