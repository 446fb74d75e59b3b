#!/usr/bin/env node
/** The `daymark` command: hands the process to the command line, and ends it with what that says. */
import { runCli } from './cli.js';
import { createConsole } from './console.js';

process.exitCode = await runCli({
  env: process.env,
  console: createConsole(process, process.env),
  args: process.argv.slice(2),
});
