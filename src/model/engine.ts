/** Engines that work in this process, and need nothing else; the fastest first. */
export const localEngineNames = ['scan', 'duckdb', 'csv'] as const;

export type LocalEngineName = (typeof localEngineNames)[number];

export const engineNames = [...localEngineNames, 'spark'] as const;

export type EngineName = (typeof engineNames)[number];

/** An engine, or `auto`, which chooses for each run. */
export const engineChoices = [...engineNames, 'auto'] as const;

export type EngineChoice = (typeof engineChoices)[number];
