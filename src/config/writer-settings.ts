import { parseRedisUrl } from '../checkpoint/redis-url.js';
import type { WriterSettings } from '../model/ledger.js';
import type { Config } from './config.js';
import { fileKeys } from './dataset-shape.js';
import type { RedisConfig } from './redis-config.js';

/** Under the names of the settings; no secrets. */
export function writerSettingsOf({ redis, dataset: config }: Config): WriterSettings {
  const said: WriterSettings = {
    DAYMARK_RAW_DIR: config.raw,
    DAYMARK_IGNORED_COLUMNS: [...new Set(config.ignoredColumns)].sort().join(),
    DAYMARK_REQUIRE_SUCCESS_FILE: String(config.requireSuccessFile),
    DAYMARK_IDENTICAL_FILES: config.identicalFiles,
    DAYMARK_REQUIRE_FINAL_NEWLINE: String(config.requireFinalNewline),
    DAYMARK_RAW_CTIME: String(config.rawCtime),
    DAYMARK_ADOPT: config.adopt,
    DAYMARK_CHECKPOINT_RULE: config.checkpointRule,
    ...(redis === null ? {} : { ...placeOf(redis), DAYMARK_CHECKPOINT_KEY: config.checkpointKey }),
  };
  if (config.template.writtenRoot === null) return said;
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [fileKeys[name] ?? name, value]),
  );
}

/** Which Sentinels or nodes are asked first does not matter: all lead to the same key. */
function placeOf({ url, sentinels, cluster }: RedisConfig): WriterSettings {
  const { host, port, db } = parseRedisUrl(url).options;
  if (sentinels !== null) return { DAYMARK_REDIS_SENTINEL_NAME: `${sentinels.name}/${db}` };
  if (cluster.length > 0) return { DAYMARK_REDIS_CLUSTER: 'set' };
  return { DAYMARK_REDIS_URL: `${host}:${port}/${db}` };
}
