/** Every deliberate bug. */
import { adoptionMutations } from './adoption.mjs';
import { columnsMutations } from './columns.mjs';
import { coreMutations } from './core.mjs';
import { datasetMutations } from './datasets.mjs';
import { definitionMutations } from './definitions.mjs';
import { diskMutations } from './disks.mjs';
import { duckDbMutations } from './duckdb.mjs';
import { edgeMutations } from './edges.mjs';
import { eventMutations } from './events.mjs';
import { formMutations } from './forms.mjs';
import { initMutations } from './init.mjs';
import { largeMutations } from './large.mjs';
import { listMutations } from './lists.mjs';
import { lookMutations } from './looks.mjs';
import { outputMutations } from './output.mjs';
import { parquetMutations } from './parquet.mjs';
import { plainMutations } from './plain.mjs';
import { runMutations } from './runs.mjs';
import { sharedMutations } from './shared.mjs';
import { sqlMutations } from './sql.mjs';
import { surfaceMutations } from './surfaces.mjs';
import { wordMutations } from './words.mjs';
import { writtenMutations } from './written.mjs';

export const allMutations = [
  ...outputMutations,
  ...adoptionMutations,
  ...coreMutations,
  ...runMutations,
  ...plainMutations,
  ...diskMutations,
  ...edgeMutations,
  ...listMutations,
  ...lookMutations,
  ...eventMutations,
  ...initMutations,
  ...writtenMutations,
  ...sharedMutations,
  ...surfaceMutations,
  ...wordMutations,
  ...largeMutations,
  ...columnsMutations,
  ...datasetMutations,
  ...definitionMutations,
  ...duckDbMutations,
  ...formMutations,
  ...parquetMutations,
  ...sqlMutations,
];
