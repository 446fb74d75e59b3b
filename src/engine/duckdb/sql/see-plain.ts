/** Text files that DuckDB's own types read as the reference does, by a look at every byte. */
import { definitionFor } from '../../../model/columns-definition.js';
import { patternSigns } from '../paths.js';
import type { CheckPlain } from '../plain/check-plain.js';
import { typedReadOptions } from '../plain/typed-read.js';
import { readCsv } from '../sql-text.js';
import type { SqlMeans } from './aggregate-sql.js';

export function seePlain(check: CheckPlain): SqlMeans['see'] {
  return async (file, job) => {
    const { path, form } = file;
    if (patternSigns.test(path) || !/^[ct]sv$/.test(form.format)) return null;
    const facts = await check(file, job);
    if (facts === null) return null;
    const { header, ...size } = facts;
    const { names, undeclared } = header;
    const definition = definitionFor(form, job.definition);
    const options = typedReadOptions({ names, compression: form.compression }, definition);
    const cells = definition.columns.map(({ name }, at) => `c${names.indexOf(name)} AS v${at}`);
    const selectOf = (paths: readonly string[]) =>
      `SELECT false AS bad, ${cells.join()} FROM ${readCsv(paths, options)}`;
    const source = { path, likeness: JSON.stringify([names, options]), selectOf };
    return { reading: { ...size, columns: undeclared }, isSure: true, source };
  };
}
