/** The text of `rows-wasm.ts`. Throws with what the compiler says. */
export function compileKernel(): Promise<string>;
