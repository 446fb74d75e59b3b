import type { Transport } from '../client/transport.js';

/**
 * Rewrites the API's advice about requests and headers as commands, for people at a terminal. Programs read the fields
 * instead.
 */
const commands: readonly (readonly [RegExp, string])[] = [
  [/\bGET \/v1\/datasets\b/g, 'status'],
  [/\bGET \/v1\/days\/\{day\}/g, 'days DAY'],
  [/\bGET \/v1\/days\/([\w-]+)(?:\/receipt)?/g, 'days $1'],
  [/\bGET \/v1\/days\b/g, 'days'],
  [/\bGET \/v1\/plan\b/g, 'plan'],
  [/\bGET \/v1\/verify\b/g, 'verify'],
  [/\bGET \/v1\/checkpoint\?require=in-sync/g, 'checkpoint get --require-in-sync'],
  [/\bGET \/v1\/checkpoint\b/g, 'checkpoint get'],
  [/\bPUT \/v1\/checkpoint\b/g, 'checkpoint rewind DAY'],
  [/\bDELETE \/v1\/checkpoint\b/g, 'checkpoint reset'],
  [/\bGET \/v1\/runs(?:\/[\w{}-]+)?(?:\/result)?\b\}?/g, 'status'],
  [/\b(?:POST|PUT) \/v1\/runs\b(?!\/)/g, 'run'],
];

const sayings: readonly (readonly [RegExp, string])[] = [
  [/\b(Ask again|ask again) after `Retry-After` seconds/g, 'Try again in a moment'],
  [/, or send `Prefer: wait=SECONDS`/g, ''],
  [/Wait for the run that `Location` names/g, 'Wait for the active run: GET /v1/runs'],
  [
    /Send `Authorization: Bearer TOKEN`, or Basic with the token as the password/g,
    'Give the token as DAYMARK_TOKEN, or its file as DAYMARK_TOKEN_FILE or `--token-file`',
  ],
];

/** An option names the dataset. Paths that are mentioned as such stay unchanged. */
const namedPaths = /(?<=\b(?:GET|PUT|POST|DELETE) )\/v1\/datasets\/[\w-]+\//g;

/** `options` go to the end of each command. */
export function inCommands(text: string, options = ''): string {
  const said = sayings.reduce((all, [api, saying]) => all.replace(api, saying), text);
  const short = said.replace(namedPaths, '/v1/');
  return commands.reduce(
    (all, [route, command]) => all.replace(route, `\`daymark ${command}${options}\``),
    short,
  );
}

/** The transport, with advice in its answers rewritten as commands; the answers stay JSON. */
export function advising(transport: Transport, advise: (text: string) => string): Transport {
  return {
    ...transport,
    send: async (call) => {
      const answer = await transport.send(call);
      return { ...answer, text: advise(answer.text) };
    },
  };
}

/** Only for options that need no quoting, since quotes do not fit into a sentence or into JSON. */
export function optionsAgain(options: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && /^[\w.:/@~%[\],+=-]+$/.test(value))
    .map(([name, value]) => ` --${name} ${value}`)
    .join('');
}
