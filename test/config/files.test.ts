/** What only the disk can tell of the settings. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { readConfigAndFiles } from '../../src/config/config-files.js';
import { makeTempDir } from '../support/temp-dir.js';

async function makePlace() {
  const root = await makeTempDir();
  await mkdir(join(root, 'raw'));
  const env = {
    DAYMARK_RAW_DIR: join(root, 'raw'),
    DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
  };
  return { root, env };
}

async function mistakesOf(env: Record<string, string>): Promise<readonly string[]> {
  try {
    await readConfigAndFiles(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

const certificate = (name: string) => `test/support/certificates/${name}.pem`;

/** Of what is no PEM file, a start neither waits for it nor reads it to its end. */
const odd: Readonly<Record<string, (root: string) => Promise<string> | string>> = {
  'a device without an end': () => '/dev/zero',
  'a pipe that nobody writes to': (root) => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    return join(root, 'pipe');
  },
  'a folder': (root) => root,
  'a file of more than 1 MiB': async (root) => {
    const pem = await readFile(certificate('first.cert'), 'utf8');
    await writeFile(join(root, 'large.pem'), pem + '\n'.repeat(1_048_576));
    return join(root, 'large.pem');
  },
};

it.each(Object.keys(odd))('%s is refused at once, wherever a PEM file is named', async (what) => {
  const { root, env } = await makePlace();
  const path = (await odd[what]?.(root)) ?? '';
  const settings = [
    'DAYMARK_TLS_CERT_FILE',
    'DAYMARK_TLS_KEY_FILE',
    'DAYMARK_REDIS_TLS_CA_FILE',
    'DAYMARK_REDIS_TLS_CERT_FILE',
    'DAYMARK_REDIS_TLS_KEY_FILE',
  ];
  const given = Object.fromEntries(settings.map((setting) => [setting, path]));
  const why = what.endsWith('MiB')
    ? 'it holds more than 1 MiB, which no PEM file needs'
    : 'it is not a regular file';
  expect(await mistakesOf({ ...env, ...given, DAYMARK_REDIS_URL: 'rediss://localhost' })).toEqual(
    settings.map((setting) => `${setting} ${path} cannot be read: ${why}.`),
  );
});

it('PEM files of up to 1 MiB are taken, over links, too', async () => {
  const { root, env } = await makePlace();
  const [cert, key] = [join(root, 'cert.pem'), join(root, 'key.pem')];
  const pem = await readFile(certificate('first.cert'), 'utf8');
  await writeFile(cert, pem + '\n'.repeat(1_048_576 - pem.length));
  await symlink(resolve(certificate('first.key')), key);
  const tls = { DAYMARK_TLS_CERT_FILE: cert, DAYMARK_TLS_KEY_FILE: key };
  expect(await mistakesOf({ ...env, ...tls })).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'each place that the system makes up is told, with all other mistakes, and once',
  async () => {
    const { root } = await makePlace();
    const mistakes = await mistakesOf({
      DAYMARK_PORT: 'many',
      DAYMARK_RAW_DIR: '/proc/self',
      DAYMARK_OUTPUT_FILE: '/dev/daymark/orders.csv',
      DAYMARK_SPARK_MASTER: 'yarn',
      DAYMARK_SPARK_STAGING: '/sys/staging',
      DAYMARK_TLS_CERT_FILE: root,
      DAYMARK_TLS_KEY_FILE: certificate('first.key'),
    });
    expect(mistakes).toEqual([
      expect.stringMatching(/^DAYMARK_PORT /),
      expect.stringMatching(/^DAYMARK_TLS_CERT_FILE /),
      expect.stringMatching(/^DAYMARK_RAW_DIR \(\/proc\/self\) leads into proc/),
      expect.stringMatching(/^DAYMARK_SPARK_STAGING \(\/sys\/staging\) leads into sysfs/),
      expect.stringMatching(
        /^DAYMARK_OUTPUT_FILE \(\/dev\/daymark\/orders\.csv\) leads into \/dev/,
      ),
    ]);
  },
);
