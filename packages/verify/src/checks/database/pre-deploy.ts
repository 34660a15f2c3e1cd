import type { UnitSpec } from '@plimsoll/model'
import type { Finding } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyWish, Rehearsal } from '../../rehearsal/rehearsal.ts'

/** What is said of an app that has nothing to migrate. */
export const noPreDeploy: Finding = { is: 'skipped', finding: 'No service of the app has a preDeployCommand' }

/** In the order in which a release runs them. */
export function migrators({ specs }: Pick<Rehearsal, 'specs'>): readonly (UnitSpec & { readonly preDeployCommand: string })[] {
  return specs.flatMap((spec) => (spec.preDeployCommand === undefined ? [] : [{ ...spec, preDeployCommand: spec.preDeployCommand }]))
}

/** A copy in which nothing runs, and pre-deploy commands can. */
export function raiseAtRest(rehearsal: Rehearsal, wish: Pick<CopyWish, 'databases' | 'beside'>, signal: AbortSignal): Promise<AppCopy> {
  return rehearsal.raise({ ...wish, services: migrators(rehearsal).map(({ service }) => service), start: [] }, signal)
}

/** One pre-deploy command that did not end well. */
export interface Stumble {
  readonly service: UnitSpec['service']
  readonly command: string
  /** `ended with status 1`. */
  readonly how: string
  readonly log: readonly string[]
}

/** Runs them all once, as a release does. Gives the first that does not end well, after which none is run. */
export async function runPreDeploy(rehearsal: Rehearsal, copy: AppCopy, signal: AbortSignal): Promise<Stumble | undefined> {
  for (const { service, preDeployCommand: command } of migrators(rehearsal)) {
    const { code, signal: killedBy, log } = await copy.unit(service).exec(command, signal)
    if (code !== 0) return { service, command, log, how: killedBy === null ? `ended with status ${code}` : `was ended by ${killedBy}` }
  }
  return undefined
}

/** `where` as in "on an empty database". */
export function stumbled({ service, command, how, log }: Stumble, where: string): Finding {
  return {
    is: 'fail', service, finding: `The preDeployCommand of ${service} ${how} ${where}: ${command}`, reproduce: command,
    ...(log.length > 0 && { evidence: [{ title: 'Its last lines', text: log.join('\n') }] }),
  }
}
