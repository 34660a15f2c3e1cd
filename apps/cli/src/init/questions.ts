import type { FoundRepository } from '@plimsoll/repository/apps'
import type { Answers } from './propose-blueprint.ts'
import { wireVariables } from './wire-variables.ts'

/** Something that stands nowhere in the repository. */
export interface Question {
  readonly about: 'region' | { readonly variable: string }
  readonly text: string
  /** What is taken when nothing is answered. */
  readonly instead: string
  /** Undefined where any answer will do. */
  readonly choices: readonly string[] | undefined
}

const regions = ['oregon', 'ohio', 'virginia', 'frankfurt', 'singapore'] as const

/** What has to be asked, once each: where it shall run, and values that programs refuse to do without and that are no secrets to be kept out of the file. */
export function questionsFor(found: FoundRepository, looksSecret: (key: string) => boolean): Question[] {
  const asked = new Map<string, string>()
  for (const service of found.services) {
    for (const { key, from, wire } of wireVariables({ found, service, given: new Map() })) if ((wire.is === 'asked' || wire.is === 'empty') && !looksSecret(key)) asked.set(key, asked.get(key) ?? questionAbout(key, wire.is, `${service.name} reads it, ${from}`))
  }
  return [
    { about: 'region', text: `Which region of Render is near its users? (${regions.join(', ')}; it cannot be changed later)`, instead: 'oregon', choices: regions },
    ...[...asked].map(([variable, text]) => ({ about: { variable }, text, instead: '', choices: undefined })),
  ]
}

function questionAbout(key: string, is: 'asked' | 'empty', why: string): string {
  return `What is ${key}? (${why}) ${is === 'empty' ? 'Nothing: it stays empty' : 'Nothing: it is asked for when it is first needed, and kept outside of the file'}`
}

/** What the answers mean, in the order of the questions; an empty one is the default. */
export function answersTo(questions: readonly Question[], given: readonly string[]): Pick<Answers, 'region' | 'values'> {
  const values = new Map<string, string>()
  let region: string = regions[0]
  for (const [index, { about, instead }] of questions.entries()) {
    const answer = given[index]?.trim() || instead
    if (about === 'region') region = answer
    else if (answer !== '') values.set(about.variable, answer)
  }
  return { region, values }
}
