const secretWord = /(?:^|[_.-])(?:secrets?|passw(?:or)?d|pass|pwd|token|tokens|credentials?|private[_-]?key|api[_-]?key|apikey|access[_-]?key|encryption[_-]?key|signing[_-]?key|salt|dsn)(?:$|[_.-])/i
const publicPrefix = /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY)_/

/** True for names that are likely to hold a secret. For redaction, where one too many does no harm; public names are never secret. */
export function looksSecret(key: string): boolean {
  return secretWord.test(key) && !publicPrefix.test(key)
}

/** True for variables whose value ends up in pages that browsers load. */
export function isPublicName(key: string): boolean {
  return publicPrefix.test(key)
}

/** True for a URL that carries a password. */
export function carriesPassword(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i.test(value)
}
