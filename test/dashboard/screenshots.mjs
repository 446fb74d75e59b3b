/**
 * `npm run screenshots`: the dashboard over a scene of sample data, as docs/images has it: light, dark and
 * narrow. Needs Chromium (or `CHROMIUM` with its path) and redis-server.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../', import.meta.url));
const images = process.argv[2] ?? join(root, 'docs/images');
const scratch = await mkdtemp(join(tmpdir(), 'daymark-screenshots-'));
const rawDir = join(scratch, 'raw');
const started = [];

try {
  const redisPort = await freePort();
  const redis = ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--save', '', '--dir', scratch];
  start('redis-server', redis);
  const url = await startService(`redis://127.0.0.1:${redisPort}`);
  await setTheScene(url);
  await takePictures(url, redisPort);
} finally {
  for (const child of started) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  await rm(scratch, { recursive: true, force: true });
}

/** Ten weeks of days with everything that can be amiss. */
async function setTheScene(url) {
  for (const days of ['2026-09-08..2026-10-16', '2026-10-19..2026-11-11', '2026-11-13..2026-11-20'])
    generate(days);
  await run(url, {});
  await call(url, 'POST', '/v1/runs?wait=60', {});
  for (let day = 8; day <= 13; day += 1)
    await rm(join(rawDir, `2026-09-${String(day).padStart(2, '0')}`), { recursive: true });
  await appendFile(fileOf('2026-11-05'), rowFor('2026-11-05'));
  await call(url, 'PUT', '/v1/checkpoint', { day: '2026-11-19' });
  generate('2026-11-21..2026-11-24');
  await appendFile(fileOf('2026-11-23'), rowFor('2026-11-23', 'two'));
  await run(url, { days: ['2026-11-21', '2026-11-23'] });
  generate('2026-11-12');
  await mkdir(join(rawDir, '2026-11-25'));
  await run(url, { dryRun: true });
}

async function takePictures(url, redisPort) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--force-color-profile=srgb'],
  });
  started.push({ kill: () => browser.close(), exitCode: 0 });
  const views = [
    { name: 'dashboard-light', colorScheme: 'light', viewport: { width: 1320, height: 1000 } },
    { name: 'dashboard-dark', colorScheme: 'dark', viewport: { width: 1320, height: 1000 } },
    {
      name: 'dashboard-narrow',
      colorScheme: 'light',
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
    },
    {
      name: 'dashboard-day',
      colorScheme: 'light',
      viewport: { width: 1320, height: 820 },
      hash: '#day=2026-11-23',
    },
  ];
  for (const { name, hash = '', ...options } of views) {
    // Told once, as it would be; again and again it would look like someone else who writes the key.
    if (name === 'dashboard-light') setCheckpointBack(redisPort);
    const page = await browser.newPage({ timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
    page.on('console', (message) => process.stderr.write(`${message.text()}\n`));
    page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
    await page.route('**/v1/datasets', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll(scratch, '/srv/daymark');
      await route.fulfill({ response, body });
    });
    await page.goto(`${url}/${hash}`);
    await page.locator('.heat td[data-words]').first().waitFor({ state: 'attached' });
    await page.waitForFunction(() => !document.querySelector('[data-heat="unknown"]'));
    await page.evaluate(() => document.fonts.ready);
    await sleep(300);
    await page.screenshot({ path: join(images, `${name}.png`) });
    if (process.env.WHOLE)
      await page.screenshot({ path: join(images, `${name}-whole.png`), fullPage: true });
    await page.close();
  }
}

function setCheckpointBack(redisPort) {
  const key = 'incremental:last_processed_day';
  command('redis-cli', ['-p', `${redisPort}`, 'set', key, '2026-11-18']);
}

function fileOf(day) {
  return join(rawDir, day, `orders_${day}.csv`);
}

/** A row as the generator's files have them, with `value` in the last column. */
function rowFor(day, value = '1') {
  return `9001,${day},14,3${',0'.repeat(133)},${value}\n`;
}

function generate(days) {
  command(process.execPath, [
    join(root, 'dist/cli/main.js'),
    'generate',
    ...['--out', rawDir, '--layout', 'date', '--days', days, '--orders', '700', '--force'],
  ]);
}

function command(name, args) {
  const { status, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
}

function start(name, args, env = {}) {
  const child = spawn(name, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return child;
}

async function startService(redisUrl) {
  await mkdir(rawDir);
  const port = await freePort();
  start(process.execPath, [join(root, 'dist/main.js')], {
    DAYMARK_PORT: `${port}`,
    DAYMARK_LAYOUT: 'date',
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: join(scratch, 'processed/orders.csv'),
    DAYMARK_REDIS_URL: redisUrl,
    DAYMARK_LOG_LEVEL: 'warn',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries += 1) {
    const ready = await fetch(`${url}/health/ready`).catch(() => null);
    if (ready?.ok) return url;
    await sleep(50);
  }
  throw new Error('the service did not start');
}

async function run(url, body) {
  await call(url, 'POST', '/v1/runs?wait=60', body);
}

async function call(url, method, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
  return answer.json();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
