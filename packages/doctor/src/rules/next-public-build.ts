import { posix } from 'node:path'
import { textOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'
import type { Service } from '../service.ts'
import type { Subject } from '../subject.ts'

const isPublic = /^(?:NEXT_PUBLIC|VITE|REACT_APP)_/

export const nextPublicBuild: Rule = {
  id: 'next-public-build',
  severity: 'warning',
  holds: 'Variables that browsers get to see are there when the pages are built.',
  why: 'They are written into the pages by the build: one that comes later is undefined in every browser.',
  *find({ services, repository }) {
    for (const service of services) {
      const names = [...service.env.keys()].filter((key) => isPublic.test(key))
      for (const key of names) {
        const entry = service.env.get(key)
        if (entry === undefined) continue
        if (service.runtime === 'image') yield { place: entry, message: `${key} comes too late for an image that is built elsewhere`, fix: 'set it where the image is built' }
        else if (service.runtime === 'docker' && service.isHere && !declares(dockerfileOf(service, repository), key)) {
          yield { place: entry, message: `the Dockerfile does not take ${key}`, fix: `add ARG ${key} before the build, in the stage that builds` }
        }
      }
    }
  },
}

function dockerfileOf({ node, root }: Service, repository: Subject['repository']): string | undefined {
  const path = textOf(node, 'dockerfilePath') ?? 'Dockerfile'
  return repository?.text(posix.normalize(path)) ?? repository?.text(posix.join(root, path))
}

/** True also for a file that is not there: that is another rule's. */
function declares(dockerfile: string | undefined, key: string): boolean {
  return dockerfile === undefined || new RegExp(`^\\s*(?:ARG|ENV)\\s[^#]*\\b${key.replaceAll(/\W/g, '')}\\b`, 'im').test(dockerfile)
}
