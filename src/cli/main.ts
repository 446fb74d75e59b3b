#!/usr/bin/env node
/** The `daymark` command: runs the command line, and exits with its status. */
import { runCli } from './cli.js';
import { createConsole } from './console.js';

process.exitCode = await runCli({
  env: process.env,
  console: createConsole(process, process.env),
  args: process.argv.slice(2),
});
