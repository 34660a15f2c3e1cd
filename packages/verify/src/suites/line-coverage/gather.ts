import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Suite } from '@plimsoll/testing/config-schema'
import type { CopyUnit, CopyWish } from '../../rehearsal/rehearsal.ts'
import type { SuiteWorld } from '../suite-world.ts'
import type { Gathered } from './coverage-check.ts'
import { lcovLines } from './lcov-lines.ts'
import { addHits } from './line-hits.ts'
import { ownFiles } from './own-files.ts'
import { v8Lines } from './v8-lines.ts'

/** Measures what a copy's services run while a suite asks them. */
export interface Gathering {
  /** What their environment must hold from the start. */
  readonly alter: NonNullable<CopyWish['alter']>
  /** Ends these services, because V8 writes what ran when a process ends by itself, and adds that, and what the suite wrote, to what is known. */
  end(units: readonly CopyUnit[], signal: AbortSignal): Promise<void>
}

export async function gatherInto(gathered: Gathered, { suite, root, directory, world }: { readonly suite: Suite; readonly root: string; readonly directory: string; readonly world: SuiteWorld }): Promise<Gathering> {
  const below = (service: string) => join(directory, service)
  await mkdir(directory, { recursive: true })
  return {
    alter: (service, environment) => ({ ...environment, NODE_V8_COVERAGE: below(service) }),
    async end(units, signal) {
      const own = await ownFiles(world.git, signal)
      if (own === undefined) {
        gathered.problem = 'git does not say which files are the repository’s'
        return
      }
      await Promise.all(units.map((unit) => unit.stop(unit.spec.maxShutdownDelayMs, signal)))
      for (const { unit, files } of units) {
        const { hits, unmapped, processes } = await v8Lines(below(unit.service), { files, own })
        if (processes === 0) gathered.silent.add(unit.service)
        for (const script of unmapped) gathered.unmapped.add(script)
        addHits(gathered.hits, hits)
      }
      await rm(directory, { recursive: true, force: true })
      const lcov = suite.lcov === undefined ? undefined : await readFile(resolve(root, suite.cwd, suite.lcov), 'utf8').catch(() => undefined)
      if (lcov !== undefined) addHits(gathered.hits, lcovLines(lcov, own))
    },
  }
}
