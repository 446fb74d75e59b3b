/**
 * Every command of the documentation works as it stands there. What calls curl is run here, against a real
 * service on another port; for all else the table says which test runs it, or why none can.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startTestService } from '../support/service.js';
import { type Block, blocksOf } from './commands.js';

const token = 'operate-secret';

/** `file` holds the words `run`; or `why` no test can run it. */
type Elsewhere = { readonly file: string; readonly run: string } | { readonly why: string };

const ci = (run: string): Elsewhere => ({ file: '.ci/run', run });
const tested = (file: string, run: string): Elsewhere => ({ file, run });

const elsewhere: Readonly<Record<string, Elsewhere>> = {
  'npm ci && npm run demo': ci('npm run demo'),
  'npm ci && npm test': ci('npm test'),
  'npm ci': ci('npm ci'),
  'npm run test:airflow': ci('npm run test:airflow'),
  'npm test': ci('npm test'),
  '.ci/run': { why: 'it is what runs this test' },
  'daymark init data/trips': tested('test/cli/own-data.test.ts', 'init|check|run|verify'),
  'daymark verify --datasets daymark.yaml': tested(
    'test/cli/own-data.test.ts',
    'init|check|run|verify',
  ),
  'daymark check --datasets daymark.yaml': tested('test/docs/datasets-page.test.ts', "'check'"),
  'daymark run --datasets daymark.yaml': tested('test/docs/datasets-page.test.ts', "'run'"),
  'daymark serve --datasets daymark.yaml': {
    why: 'it does not end; the file is read as by the other commands',
  },
  'npm start': tested('test/cli/command-line.test.ts', "place.start(['serve'"),
  'promtool check config prometheus.yml': tested(
    'test/deploy/watching.test.ts',
    "'check', 'config'",
  ),
  'install -m 600 /dev/null daymark-token && printf %s "$DAYMARK_READ_TOKEN" > daymark-token':
    tested('test/deploy/watching.test.ts', 'daymark-token'),
  'airflow tasks test daymark_orders submit 2026-11-23': {
    why: 'it needs an Airflow that is set up; `npm run test:airflow` has a real scheduler run this DAG',
  },
};

/** Statuses other than 2xx that are an answer to be expected. */
const alsoFine: Readonly<Record<string, readonly number[]>> = { '/cancel': [409] };

const folders = ['.', 'docs', 'deploy', 'examples/airflow'];
const pages = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`)),
);
const blocks = pages.flatMap((page) => blocksOf(page, readFileSync(page, 'utf8')));
const callsCurl = ({ commands }: Block) => commands.some((each) => each.startsWith('curl '));

describe('a command that calls curl is answered as the page says', () => {
  it.each(blocks.filter(callsCurl).map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s',
    async (_, { script, commands }) => {
      const needsToken = script.includes('$auth');
      const service = await startTestService(
        needsToken ? { env: { DAYMARK_OPERATE_TOKEN: token } } : {},
      );
      for (const day of ['0', '1', '2']) await service.land(day, [[8, { milk: 2 }]]);
      const calls = commands.filter((each) => each.startsWith('curl '));
      const answers = await runScript(script, service.url);
      expect(answers).toHaveLength(calls.length);
      for (const [index, { status, url }] of answers.entries()) {
        const fine = Object.entries(alsoFine).find(([end]) => url.endsWith(end))?.[1] ?? [];
        expect(fine.includes(status) ? 200 : status, calls[index]).toBeLessThan(300);
      }
    },
  );
});

/** What a comment says of how a command of curl ends, before the command or behind it. */
const promise = /exits with (\d+) unless it succeeded/;
const promising = blocks.flatMap(({ page, script }) => {
  const lines = script.split('\n');
  return lines.flatMap((line, index) => {
    if (!line.startsWith('curl ')) return [];
    const before = lines[index - 1]?.startsWith('# ') ? lines[index - 1] : '';
    const [, status] = promise.exec(`${before} ${line}`) ?? [];
    return status === undefined ? [] : [[page, line, Number(status)] as const];
  });
});

describe('a command of curl that says how it ends', () => {
  it('is there', () => {
    expect(promising.length).toBeGreaterThan(0);
  });

  it('is the only kind that says so', () => {
    const words = /^\s*curl .*#.*\b(fails|exits|ends with)\b/m;
    expect(blocks.filter(({ script }) => words.test(script)).map(({ page }) => page)).toEqual([]);
  });

  it.each(promising)('%s: %s', async (_, command, status) => {
    const service = await startTestService({ env: { DAYMARK_OPERATE_TOKEN: token } });
    const headers = { authorization: `Bearer ${token}` };
    const key = /runs\/([^/]+)\/result/.exec(command)?.[1] ?? '';
    const trigger = () =>
      fetch(`${service.url}/v1/runs/${key}?wait=30`, { method: 'PUT', headers });
    await service.land('0', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    await trigger();
    const failed = await endOf(command, service.url);
    expect(failed).toMatchObject({ status, stdout: expect.stringContaining('"many"') });
    await service.land('0', [[8, { milk: 2 }]]);
    await trigger();
    expect(await endOf(command, service.url)).toMatchObject({ status: 0 });
  });
});

describe('every other command', () => {
  it.each(
    blocks
      .filter((block) => !callsCurl(block))
      .flatMap(({ page, commands }) => commands.map((each) => [page, each] as const)),
  )('%s: %s', (_, command) => {
    const place = elsewhere[command] ?? byFamily(command);
    if (place === null) throw new Error('No test runs it: add one, or say in the table why not.');
    if ('file' in place) expect(readFileSync(place.file, 'utf8')).toContain(place.run);
    else expect(place.why).not.toBe('');
  });

  it('of npm is a script of the package', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = blocks.flatMap(({ script }) => [...script.matchAll(/npm run ([\w:]+)/g)]);
    expect(named.length).toBeGreaterThan(5);
    for (const [, name = ''] of named) expect(Object.keys(scripts)).toContain(name);
  });

  it('in the table stands on a page', () => {
    const known = new Set(blocks.flatMap(({ commands }) => commands));
    expect(Object.keys(elsewhere).filter((each) => !known.has(each))).toEqual([]);
  });
});

/** For whole families of commands; the first that fits. */
const families: readonly (readonly [RegExp, Elsewhere])[] = [
  [/^export [A-Z_]+=/, { why: 'it sets a variable for the next command' }],
  [/docker /, { why: 'Docker cannot be taken for granted, in CI least of all' }],
  [/^systemctl /, { why: 'it depends on the platform' }],
  [/^npm run demo$/, ci('npm run demo')],
  [/^npm run build$/, ci('npm run build')],
  [/^npm run build:dashboard$/, ci('npm run build')],
  [/^npm run screenshots$/, { why: 'it draws the pictures of docs/images anew, to be looked at' }],
  [/^npm run format$/, { why: 'it changes files; .ci/run has `npm run lint`, which only looks' }],
  [/^npm run docs$/, { why: 'it writes the pages that the tests beside this one check' }],
  [/^npm run generate\b/, tested('test/cli/command-line.test.ts', 'generate')],
  [/^(npx )?daymark\b/, tested('test/cli/documentation.test.ts', 'docs/CLI.md')],
  [/^npm run kernel$/, tested('test/engine/scan-kernels.test.ts', 'build.mjs')],
  [/^npm run bench:docs$/, tested('test/docs/performance-page.test.ts', 'npm run bench:docs')],
  [/^npm run bench\b/, { why: 'it measures for minutes; test/bench tests its options' }],
  [/^npm run test:spark$/, ci('npm run test:spark')],
  [/^npm run test:(mutations|soak)\b/, { why: 'it takes from minutes to hours' }],
];

function byFamily(command: string): Elsewhere | null {
  return families.find(([pattern]) => pattern.test(command))?.[1] ?? null;
}

interface Answered {
  readonly status: number;
  readonly url: string;
}

/** As a shell sees it: the exit status, and what was printed. */
async function endOf(command: string, url: string) {
  const script = `auth="Authorization: Bearer ${token}"\n${atService(command, url)}`;
  return new Promise<{ status: unknown; stdout: string }>((resolve) => {
    execFile('bash', ['-uc', script], (error, stdout) =>
      resolve({ status: error === null ? 0 : error.code, stdout }),
    );
  });
}

function atService(script: string, url: string): string {
  return script.replaceAll('localhost:3000', url.replace('http://', ''));
}

/** Runs the block as it stands, but for the port; curl also notes down each status. */
async function runScript(script: string, url: string): Promise<Answered[]> {
  const curl = `curl() { command curl -sS -o /dev/null -w '%{http_code} %{url_effective}\\n' "$@"; }`;
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-euc', `${curl}\n${atService(script, url)}`],
    { env: { ...process.env, DAYMARK_OPERATE_TOKEN: token } },
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [status = '', answered = ''] = line.split(' ');
      return { status: Number(status), url: answered };
    });
}
