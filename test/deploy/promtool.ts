/** promtool, where it is installed: Prometheus's own judge of rules and configurations. */
import { spawnSync } from 'node:child_process';

export const hasPromtool = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0;

if (!hasPromtool) {
  process.stdout.write(
    'Skipped: tests of alerts by promtool, which is missing; .ci/run gets it from the package prometheus.\n',
  );
}

export interface Verdict {
  readonly ok: boolean;
  readonly said: string;
}

export function promtool(args: readonly string[], input = ''): Verdict {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { ok: status === 0, said: `${stdout}${stderr}` };
}
