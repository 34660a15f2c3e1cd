/** Only at the end of a name: PASSWORD_MIN_LENGTH and TOKEN_TTL are settings, and removing their values from logs would maim them. */
const secretName = /(?:^|[_.-])(?:secrets?|(?:pg)?password|passwd|passphrase|pass|pwd|tokens?|credentials?|private[_-]?key|(?:api|secret|access|encryption|signing|session|auth|master|service)[_-]?key|apikey|salt|dsn)(?:[_-](?:\d+|base64|hex|old|new|current|previous))?$/i
const publicPrefix = /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY)_/

/** True for names that are likely to hold a secret. For redaction and advice; names that browsers get to see never are. */
export function looksSecret(key: string): boolean {
  return secretName.test(key) && !publicPrefix.test(key)
}

/** True for variables whose value is built into pages that browsers load. */
export function isPublicName(key: string): boolean {
  return publicPrefix.test(key)
}

/** True for a URL that carries a password. */
export function carriesPassword(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i.test(value)
}
