/** Every setting there is, by what it is about. */
import { datasetSettings } from './dataset-config.js';
import { doorSettings } from './door-config.js';
import { redisSettings } from './redis-config.js';
import { serviceSettings } from './service-config.js';
import { type Settings, variableOf } from './setting.js';
import { sparkSettings } from './spark-config.js';

export interface SettingGroup {
  /** In the README. */
  readonly title: string;
  /** One dataset, the process, or who gets in where it listens. */
  readonly about: 'dataset' | 'service' | 'door';
  readonly settings: Settings;
}

export const settingGroups: readonly SettingGroup[] = [
  { title: 'Days and output', about: 'dataset', settings: datasetSettings },
  { title: 'Redis', about: 'service', settings: redisSettings },
  { title: 'Spark', about: 'service', settings: sparkSettings },
  { title: 'Service', about: 'service', settings: serviceSettings },
  { title: 'Access and limits', about: 'door', settings: doorSettings },
];

export const allSettings = Object.assign(
  {},
  ...settingGroups.map(({ settings }) => settings),
) as Settings;

/** As they stand in the environment. */
export const settingNames: readonly string[] = Object.keys(allSettings).map(variableOf);

/** What the command line takes from the environment for itself. */
export const clientNames = [
  'DAYMARK_URL',
  'DAYMARK_TOKEN',
  'DAYMARK_TOKEN_FILE',
  'DAYMARK_DATASET',
];
