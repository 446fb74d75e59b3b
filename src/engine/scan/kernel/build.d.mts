export const kernels: {
  readonly rowsWasm: URL;
  readonly stepsWasm: URL;
};
/** The text of a compiled file. Throws with what the compiler says. */
export function compileKernel(name: keyof typeof kernels): Promise<string>;
