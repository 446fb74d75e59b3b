/** Every setting, grouped by topic. */
import { datasetSettings } from './dataset-config.js';
import { doorSettings } from './door-config.js';
import { duckDbSettings } from './duckdb-config.js';
import { redisSettings } from './redis-config.js';
import { serviceSettings } from './service-config.js';
import { type Settings, variableOf } from './setting.js';
import { sparkSettings } from './spark-config.js';

export interface SettingGroup {
  /** In the README. */
  readonly title: string;
  /** One dataset, the process, or access. */
  readonly about: 'dataset' | 'service' | 'door';
  readonly settings: Settings;
}

export const settingGroups: readonly SettingGroup[] = [
  { title: 'Days and output', about: 'dataset', settings: datasetSettings },
  { title: 'Redis', about: 'service', settings: redisSettings },
  { title: 'Spark', about: 'service', settings: sparkSettings },
  { title: 'DuckDB', about: 'service', settings: duckDbSettings },
  { title: 'Service', about: 'service', settings: serviceSettings },
  { title: 'Access and limits', about: 'door', settings: doorSettings },
];

export const allSettings = Object.assign(
  {},
  ...settingGroups.map(({ settings }) => settings),
) as Settings;

/** Under their names in the environment. */
export const settingNames: readonly string[] = Object.keys(allSettings).map(variableOf);

/** Variables that only the command line reads. */
export const clientNames = [
  'DAYMARK_URL',
  'DAYMARK_TOKEN',
  'DAYMARK_TOKEN_FILE',
  'DAYMARK_DATASET',
];
