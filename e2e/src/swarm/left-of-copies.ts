import type { LabNode } from './lab-node.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

type Labels = Readonly<Record<string, string>> | null

/** As engines list whatever it is. */
interface Listed {
  readonly Name?: string
  readonly Names?: readonly string[]
  readonly Labels?: Labels
  readonly Spec?: { readonly Name: string; readonly Labels: Labels }
}

/** What there is in a lab of throw-away copies, as `service plimsoll-v-…`, asked of the cluster, and of each engine where it alone knows. */
export async function leftOfCopies({ nodes }: Pick<SwarmLab, 'nodes'>): Promise<readonly string[]> {
  const [first] = nodes
  const ofCluster = (['service', 'secret', 'network'] as const).map((kind) => ofCopies(first, { kind, path: `/${kind}s` }))
  const ofMachines = nodes.flatMap((node) => [ofCopies(node, { kind: 'container', path: '/containers/json' }), ofCopies(node, { kind: 'volume', path: '/volumes' })])
  return (await Promise.all([...ofCluster, ...ofMachines])).flat()
}

async function ofCopies({ engine, name }: LabNode, { kind, path }: { readonly kind: string; readonly path: string }): Promise<readonly string[]> {
  const { body } = await engine.call({ path, query: { all: true, filters: { label: ['plimsoll.app'] } }, to: 'look for what is left of copies' }, AbortSignal.timeout(10_000))
  const all = kind === 'volume' ? (JSON.parse(body) as { Volumes: readonly Listed[] | null }).Volumes : (JSON.parse(body) as readonly Listed[])
  return (all ?? []).filter(({ Labels, Spec }) => (Spec?.Labels ?? Labels)?.['plimsoll.app']?.startsWith('plimsoll-v-') === true)
    .map((each) => `${kind} ${each.Spec?.Name ?? each.Name ?? each.Names?.join() ?? ''}${kind === 'container' || kind === 'volume' ? ` on ${name}` : ''}`)
}
