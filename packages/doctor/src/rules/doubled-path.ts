import { posix } from 'node:path'
import { parseLine } from '@plimsoll/repository/commands'
import type { Rule } from '../rule.ts'
import { isNative, servicesHere, type ServiceCommand } from '../service.ts'

export const doubledPath: Rule = {
  id: 'doubled-path',
  severity: 'warning',
  holds: 'With a rootDir, commands name their files from there.',
  why: 'The path is looked for below rootDir once more, and nothing is there.',
  mends: true,
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      if (service.root === '' || !isNative(service)) continue
      for (const { key, node, word } of service.commands.flatMap(wordsOf)) {
        const path = word.replace(/^\.\//, '')
        if (path.startsWith(`${service.root}/`) && !repository.has(posix.join(service.root, path))) {
          const inside = path.slice(service.root.length + 1)
          yield { place: node, message: `${key} names ${word}, which would be ${posix.join(service.root, path)}`, fix: `write ${inside}`, remedy: { do: 'replace', from: word, to: inside } }
        }
      }
    }
  },
}

function wordsOf({ key, node, text }: ServiceCommand): { key: string; node: ServiceCommand['node']; word: string }[] {
  return [...new Set(parseLine(text).commands.flatMap(({ words }) => words))].map((word) => ({ key, node, word }))
}
