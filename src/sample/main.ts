/** `npm run generate`: sample raw days to try Daymark with. */
import { sampleCommand } from './command.js';

process.exitCode = await sampleCommand(process.argv.slice(2), {
  say: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
