/** Everything that is wrong with the configuration, one sentence for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration is not valid:\n${mistakes.map((each) => `- ${each}`).join('\n')}`);
  }
}
