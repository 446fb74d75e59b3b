/**
 * Compiles the kernels: `npm run kernel` after each change of an `.as` file. What it writes is committed, so that
 * building Daymark needs the TypeScript compiler only.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** By the name of what the compiled file exports. */
export const kernels = {
  rowsWasm: new URL('./rows.as', import.meta.url),
  stepsWasm: new URL('../../duckdb/plain/steps.as', import.meta.url),
};

const compiledOf = (source) => new URL(source.href.replace(/\.as$/, '-wasm.ts'));

/** The text of a compiled file. Throws with what the compiler says. */
export async function compileKernel(name) {
  const url = kernels[name];
  const source = await readFile(url, 'utf8');
  let wasm = null;
  const { error, stderr } = await asc.main(
    [
      ...['rows.ts', '--outFile', 'rows.wasm', '--runtime', 'stub', '--enable', 'simd'],
      ...['--optimizeLevel', '3', '--converge', '--noAssert', '--disableWarning', '201'],
    ],
    {
      readFile: (file) => (file === 'rows.ts' ? source : null),
      writeFile: (_, contents) => {
        wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === null) throw new Error(`${url}: ${stderr}`, { cause: error });
  const file = url.pathname.split('/').at(-1);
  return `/** Made from ${file} by build.mjs; not to be edited. */
export const ${name} =
  '${Buffer.from(wasm).toString('base64')}';
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, source] of Object.entries(kernels))
    await writeFile(compiledOf(source), await compileKernel(name));
}
