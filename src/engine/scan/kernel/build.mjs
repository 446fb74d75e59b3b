/**
 * Compiles the kernel: `node src/engine/scan/kernel/build.mjs` after each change of `rows.as`. What it
 * writes is committed, so that building Daymark needs the TypeScript compiler only.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const target = new URL('./rows-wasm.ts', import.meta.url);

/** The text of `rows-wasm.ts`. Throws with what the compiler says. */
export async function compileKernel() {
  const source = await readFile(new URL('./rows.as', import.meta.url), 'utf8');
  let wasm = null;
  const { error, stderr } = await asc.main(
    [
      ...['rows.ts', '--outFile', 'rows.wasm', '--runtime', 'stub', '--enable', 'simd'],
      ...['--optimizeLevel', '3', '--converge', '--noAssert', '--disableWarning', '201'],
    ],
    {
      readFile: (name) => (name === 'rows.ts' ? source : null),
      writeFile: (_, contents) => {
        wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === null) throw new Error(`rows.as: ${stderr}`, { cause: error });
  return `/** Made from rows.as by build.mjs; not to be edited. */
export const rowsWasm =
  '${Buffer.from(wasm).toString('base64')}';
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(target, await compileKernel());
}
