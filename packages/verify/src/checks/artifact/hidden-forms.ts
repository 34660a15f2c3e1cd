import type { KnownSecret } from '../../rehearsal/rehearsal.ts'

/** One way in which a secret can stand in a file. */
interface Form {
  readonly how: string
  /** As the bytes of a file read as Latin-1 show it. */
  readonly text: string
}

/** Shorter values stand in files for reasons of their own. */
const shortest = 8

/** Finds secrets in files, plain and in the forms in which programs pass them on. */
export interface SecretSearch {
  /** Those that `text` (a file's bytes as Latin-1) holds. */
  in(text: string): readonly { readonly secret: KnownSecret; readonly how: string }[]
}

export function secretSearch(secrets: readonly KnownSecret[]): SecretSearch {
  const sought = secrets.filter(({ value }) => value.length >= shortest).map((secret) => ({ secret, forms: formsOf(secret.value) }))
  return {
    in: (text) => sought.flatMap(({ secret, forms }) => {
      const found = forms.find((form) => text.includes(form.text))
      return found === undefined ? [] : [{ secret, how: found.how }]
    }),
  }
}

function formsOf(value: string): Form[] {
  const escaped = JSON.stringify(value).slice(1, -1)
  const forms = [
    { how: '', text: value },
    { how: ' (escaped)', text: escaped },
    { how: ' (escaped)', text: escaped.replaceAll('&', String.raw`\u0026`).replaceAll('<', String.raw`\u003c`).replaceAll('>', String.raw`\u003e`) },
    { how: ' (URL-encoded)', text: encodeURIComponent(value) },
    ...base64Of(value).flatMap((text) => [{ how: ' (as base64)', text }, { how: ' (as base64)', text: text.replaceAll('+', '-').replaceAll('/', '_') }]),
  ]
  const seen = new Set<string>()
  return forms.map(({ how, text }) => ({ how, text: Buffer.from(text).toString('latin1') })).filter(({ text }) => !seen.has(text) && seen.add(text))
}

/** Inside of a longer text (`user:password`) base64 shows the same bytes in three ways; the letters that neighbours have a part in are left out. */
function base64Of(value: string): string[] {
  const bytes = Buffer.from(value)
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replaceAll('=', '')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return encoded.slice(Math.ceil((before * 8) / 6), whole)
  }).filter((text) => text.length >= shortest)
}
