/** Without a server there is nobody to send a request to: what the API says of routes is said of commands. */
const commands: readonly (readonly [RegExp, string])[] = [
  [/\bGET \/v1\/days\/([\w{}-]+)/g, '`daymark days $1`'],
  [/\bGET \/v1\/days\b/g, '`daymark days`'],
  [/\bGET \/v1\/plan\b/g, '`daymark plan`'],
  [/\bGET \/v1\/checkpoint\b/g, '`daymark checkpoint get`'],
  [/\bGET \/v1\/runs\b(?!\/)/g, '`daymark status`'],
  [/\bPOST \/v1\/runs\b(?!\/)/g, '`daymark run`'],
];

/** Also of an answer as a whole: it stays JSON. */
export function inCommands(text: string): string {
  return commands.reduce((said, [route, command]) => said.replace(route, command), text);
}
