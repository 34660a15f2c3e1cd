import { createHash } from 'node:crypto'
import { placeLabels } from '../container/place-labels.ts'
import type { Place } from '../process/place.ts'
import { edgeName, edgeNetwork } from './cluster-names.ts'
import type { HealthCheck, Pace } from './health-check.ts'

/** What the edges of a cluster are told. */
export interface EdgesWanted {
  /** Of an edge, by digest. */
  readonly image: string
  /** By which user the image runs: keys are for it alone. */
  readonly uid: number
  /** On which machines there is one, in the cluster's words: `node.labels.plimsoll.edge == true`. */
  readonly constraint: string
  /** On each of those machines: where users come, and where the edge is steered from. */
  readonly ports: { readonly users: number; readonly control: number }
}

/** With what its machines' engines can do. */
export interface PacedEdges extends EdgesWanted {
  readonly pace: Pace
}

export interface EdgeSecret {
  readonly id: string
  readonly name: string
  /** Below `/run/secrets`. */
  readonly file: string
}

const second = 1e9

/** Where an edge listens in its container; a user that is not root may not take the lower ones. */
const inside = { users: 8_080, control: 4_075 } as const

/**
 * The image's own check, which engines ask every five seconds, with more patience, in nanoseconds. A check starts a program, and on a machine with too much to do that takes seconds while
 * the edge itself still serves. A cluster that ended it then would cut what is under way there, give its users to the other edges, and find those too slow next. One that hangs
 * for good is ended after some two or three minutes; nothing of a release waits for it as long as that.
 */
const patience = { Timeout: 20 * second, Retries: 6, StartInterval: 2 * second } as const
/** Engines that tell the start of an edge from the rest need not ask so often afterwards: each question starts a Node. */
const checkOf = ({ hasStart }: Pace): Omit<HealthCheck, 'Test'> => ({ ...patience, ...(hasStart && { Interval: 10 * second }) })

const specKey = 'plimsoll.spec'

/** Between an edge that runs again and the end of the next one, in nanoseconds: it has to be found, and given its table, before it serves. */
const settleNs = 5e9

/**
 * One edge on each machine that is to have one. It holds ports of its machine, so that one has to end before its successor begins, and one machine follows
 * after the other: started first, the new one would wait for the port for ever.
 */
export function edgeSpec(place: Place, wanted: PacedEdges, secrets: readonly EdgeSecret[]): EdgeSpec {
  const spec = plainSpec(place, wanted, secrets)
  return { ...spec, Labels: { ...placeLabels(place), [specKey]: createHash('sha256').update(JSON.stringify(spec)).digest('hex') } }
}

/** As a cluster is sent it. Its labels tell equal ones from others: what a cluster gives back has more in it than it was sent. */
type EdgeSpec = ReturnType<typeof plainSpec> & { readonly Labels: Readonly<Record<string, string>> }

/** Whether a service with these labels was made from `spec`. */
export function isMadeFrom(spec: Pick<EdgeSpec, 'Labels'>, labels: Readonly<Record<string, string>>): boolean {
  return labels[specKey] === spec.Labels[specKey]
}

function plainSpec(place: Place, { image, uid, constraint, ports, pace }: PacedEdges, secrets: readonly EdgeSecret[]) {
  const name = edgeName(place)
  return {
    Name: name,
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Env: [`PLIMSOLL_EDGE_PORT=${inside.users}`, 'PLIMSOLL_EDGE_LISTEN=0.0.0.0', `PLIMSOLL_EDGE_CONTROL=0.0.0.0:${inside.control}`, 'PLIMSOLL_EDGE_HOME=/plimsoll'],
        Labels: placeLabels(place),
        Init: true,
        CapabilityDrop: ['ALL'],
        Healthcheck: checkOf(pace),
        // Ten seconds for requests, and as many for streams.
        StopGracePeriod: 20e9,
        Mounts: [{ Type: 'volume', Source: name, Target: '/plimsoll' }],
        Secrets: secrets.map(({ id, name: of, file }) => ({ SecretID: id, SecretName: of, File: { Name: file, UID: String(uid), GID: String(uid), Mode: 0o400 } })),
      },
      Networks: [{ Target: edgeNetwork(place) }],
      Placement: { Constraints: [constraint] },
      RestartPolicy: { Condition: 'any', Delay: 1e9 },
      LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
    },
    Mode: { Global: {} },
    UpdateConfig: { Parallelism: 1, Order: 'stop-first', FailureAction: 'pause', Monitor: 10e9, Delay: settleNs },
    EndpointSpec: {
      Mode: 'dnsrr',
      Ports: (['users', 'control'] as const).map((of) => ({ Protocol: 'tcp', TargetPort: inside[of], PublishedPort: ports[of], PublishMode: 'host' })),
    },
  }
}
