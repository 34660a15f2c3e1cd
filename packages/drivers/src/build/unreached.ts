/** Codes by which pnpm, npm, Yarn and Node say that a host was not reached. */
const offline = /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|ENETDOWN|EHOSTUNREACH|ERR_PNPM_META_FETCH_FAIL|ERR_PNPM_NO_OFFLINE_TARBALL|ERR_PNPM_FETCH_FAIL|ERR_PNPM_\w*NETWORK_ERROR)\b/
/** npm prints a code only when it failed itself, and not for a script that it ran. */
const npmUnreached = /^npm (?:error|ERR!) code (?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT)$/
const refused = /\bECONNREFUSED\b/
const installing = /\b(?:pnpm|npm|yarn|bun)\b.*\b(?:i|ci|install|add)\b/

const hosts = [/\bhttps?:\/\/([^\s/"'`)]+)/, /\b(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/, /\bECONNREFUSED ([\w.[\]:]+:\d+)/]

/** Which host a build could not reach, as its output tells; `the package registry` where it names none. Undefined when it failed of something else. */
export function unreached(command: string, log: readonly string[]): string | undefined {
  const at = log.findIndex((line) => offline.test(line) || npmUnreached.test(line) || (refused.test(line) && installing.test(command) && /registry/i.test(line)))
  if (at < 0) return undefined
  // Before that line stand addresses that were reached, and those of documentation.
  const rest = log.slice(at).join('\n')
  return hosts.map((pattern) => pattern.exec(rest)?.[1]).find((host) => host !== undefined) ?? 'the package registry'
}
