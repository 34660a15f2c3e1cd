import { parseLine } from '@plimsoll/repository/commands'
import type { Rule } from '../rule.ts'
import type { ServiceCommand } from '../service.ts'

const managers = new Set(['npm', 'pnpm', 'yarn', 'npx', 'pnpx', 'turbo'])

export const startThroughManager: Rule = {
  id: 'start-through-manager',
  severity: 'warning',
  holds: 'The start command runs the program itself.',
  why: 'A package manager in between does not hand SIGTERM on, so requests are cut at every deploy.',
  *find({ services }) {
    for (const { kind, commands } of services) {
      if (!['web', 'pserv', 'worker'].includes(kind)) continue
      for (const command of commands) {
        const manager = managerOf(command)
        if (manager !== undefined) yield { place: command.node, message: `${manager} stands between the platform and the program`, fix: advice(command) }
      }
    }
  },
}

/** Of the last command of the line: what stands before it has ended when the program runs. */
function managerOf({ key, text }: ServiceCommand): string | undefined {
  if (key !== 'startCommand' && key !== 'dockerCommand') return undefined
  const program = parseLine(text).commands.at(-1)?.words[0]
  return program !== undefined && managers.has(program) ? program : undefined
}

function advice({ analysis: { invocations, understood } }: ServiceCommand): string {
  const [only] = invocations
  if (!understood || only === undefined || invocations.length > 1 || managers.has(only.program)) return 'write what its script runs, e.g. node dist/main.js'
  const line = [only.program === 'node' ? 'node' : `node_modules/.bin/${only.program}`, ...only.args].join(' ')
  return `write ${only.cwd === '' ? line : `cd ${only.cwd} && exec ${line}`}`
}
