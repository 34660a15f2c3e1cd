import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from './start-check.ts'

/** Asked last: whatever has ended meanwhile has ended by itself, for nobody breaks anything in the shared copy. */
export function staysUpCheck(): RehearsalCheck {
  return {
    id: 'boot.stays-up',
    title: 'No service ends while it is asked, workers included',
    concern: 'health',
    after: [bootStart],
    alone: true,
    limitMs: 20_000,
    async ask(rehearsal, signal) {
      const { units } = await rehearsal.shared(signal)
      return Promise.all(units.filter(({ spec }) => spec.kind !== 'static').map(async (unit) => askUnit(unit, signal)))
    },
  }
}

async function askUnit(unit: CopyUnit, signal: AbortSignal): Promise<Finding> {
  const { service } = unit.spec
  const instances = await unit.instances(signal)
  const restarts = instances.reduce((sum, each) => sum + each.restarts, 0)
  const down = instances.filter(({ state }) => state === 'exited' || state === 'backing-off')
  if (instances.length > 0 && restarts === 0 && down.length === 0) return { service, is: 'pass', finding: `${service} has run since it was started` }
  const exit = down[0]?.exit
  const how = exit === undefined ? '' : `, last ${exit.signal === null ? `with status ${exit.code}` : `by ${exit.signal}`}`
  return {
    service, is: 'fail',
    finding: `${service} ended by itself${restarts > 0 ? ` and was started again ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}${how}`,
    hint: 'A place starts it again and again, and users meet the gaps. Its last lines say why it ended.',
    evidence: [{ title: `The last lines of ${service}`, text: (await unit.log(30, signal)).join('\n') }],
  }
}
