/** Completion as bash has it: the script is sourced by a real bash, which then asks for what could follow. */
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { binary, makePlace, startProcess } from './daymark.js';

const question = `
. <(daymark completion)
complete_words() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=\${#COMP_LINE} COMPREPLY=()
  "$(complete -p daymark | sed -E 's/.*-F ([^ ]+) .*/\\1/')"
  echo "$* => \${COMPREPLY[*]}"
}
complete_words daymark ''
complete_words daymark ver
complete_words daymark checkpoint ''
complete_words daymark run --en
complete_words daymark run --select ''
`;

it('completes commands, their own commands, options and choices', async () => {
  const place = await makePlace();
  const bin = join(place.root, 'bin');
  await mkdir(bin);
  await symlink(binary, join(bin, 'daymark'));
  await chmod(binary, 0o755);
  const env = { PATH: `${bin}:${process.env['PATH']}`, SHELL: '/bin/bash', HOME: place.root };
  const bash = startProcess('bash', ['--norc', '-c', question], place.root, env);
  const { code, stdout, stderr } = await bash.ended;
  expect([code, stderr]).toEqual([0, '']);
  const answers = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' => '))
      .map(([words = '', found = '']) => [words, found.split(' ').sort()]),
  );
  expect(answers['daymark ']).toEqual(
    'check checkpoint completion days generate init plan run serve status verify'.split(' '),
  );
  expect(answers['daymark ver']).toEqual(['verify']);
  expect(answers['daymark checkpoint ']).toEqual(['get', 'reset', 'rewind']);
  expect(answers['daymark run --en']).toEqual(['--engine']);
  expect(answers['daymark run --select ']).toEqual(['all', 'new', 'pending']);
});
