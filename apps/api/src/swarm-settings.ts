import { createHash } from 'node:crypto'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

const port = z.coerce.number().int().min(1).max(65535)
const image = z.string().regex(/^[\w.:/@-]+$/, 'must be the name of an image')

/** The variables that tell of a cluster. */
export const swarmVariables = {
  /** Managers of a Docker Swarm, separated by commas, each written as `DOCKER_HOST` would be; without them no app lives there. */
  PLIMSOLL_SWARM_MANAGERS: z.string().min(1).optional(),
  /** Where images are pushed that are built for it: `registry.example.com/shop`. */
  PLIMSOLL_SWARM_REGISTRY: z.string().min(1).optional(),
  /** That of its edges, by digest, and as which user it runs. */
  PLIMSOLL_SWARM_EDGE_IMAGE: image.optional(),
  PLIMSOLL_SWARM_EDGE_UID: z.coerce.number().int().nonnegative().default(65_532),
  /** On which machines there is an edge, in the cluster's words, and at which port users come there. */
  PLIMSOLL_SWARM_EDGE_NODES: z.string().min(1).default('node.labels.plimsoll.edge == true'),
  PLIMSOLL_SWARM_EDGE_PORT: port.default(80),
  /** The label of the machines that may keep data. */
  PLIMSOLL_SWARM_DATA_LABEL: z.string().min(1).default('plimsoll.data'),
}
const variablesSchema = z.object(swarmVariables)

const settingsSchema = z.object({
  managers: z.tuple([z.string()], z.string()).readonly(),
  /** Without a slash at its end. */
  registry: z.string(),
  dataLabel: z.string(),
  edges: z.object({ image: z.string(), uid: z.number(), constraint: z.string(), port: z.number() }).readonly(),
}).readonly()
/** A cluster, and what it is given. */
export type SwarmSettings = z.infer<typeof settingsSchema>

/** Undefined where none is named. Throws `USAGE` for a cluster of which it is not said where its images come from. */
export function swarmIn(set: z.infer<typeof variablesSchema>): SwarmSettings | undefined {
  const { PLIMSOLL_SWARM_MANAGERS: managers, PLIMSOLL_SWARM_REGISTRY: registry, PLIMSOLL_SWARM_EDGE_IMAGE: edgeImage } = set
  if (managers === undefined) return undefined
  const missing = [registry === undefined ? 'PLIMSOLL_SWARM_REGISTRY' : undefined, edgeImage === undefined ? 'PLIMSOLL_SWARM_EDGE_IMAGE' : undefined].filter((each) => each !== undefined)
  if (registry === undefined || edgeImage === undefined) throw new PlimsollError('USAGE', `The environment of Plimsoll is wrong: ${missing.join(', ')}: needed where PLIMSOLL_SWARM_MANAGERS names a cluster`)
  const [first = '', ...others] = managers.split(',').map((each) => each.trim())
  return {
    managers: [first, ...others], registry: registry.replace(/\/$/, ''), dataLabel: set.PLIMSOLL_SWARM_DATA_LABEL,
    edges: { image: edgeImage, uid: set.PLIMSOLL_SWARM_EDGE_UID, constraint: set.PLIMSOLL_SWARM_EDGE_NODES, port: set.PLIMSOLL_SWARM_EDGE_PORT },
  }
}

/** By which a cluster with all its settings is told from another one; undefined where there is none. */
export function clusterMark(settings: SwarmSettings | undefined): string | undefined {
  return settings && createHash('sha256').update(JSON.stringify([settings.managers, settings.registry, settings.dataLabel, settings.edges])).digest('hex').slice(0, 16)
}

/** That of the cluster which an environment names. What is wrong with it is told by the Plimsoll that is started with it. */
export function clusterMarkIn(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const read = variablesSchema.safeParse(environment)
  const { PLIMSOLL_SWARM_REGISTRY: registry, PLIMSOLL_SWARM_EDGE_IMAGE: edgeImage } = read.data ?? {}
  return read.success && registry !== undefined && edgeImage !== undefined ? clusterMark(swarmIn(read.data)) : undefined
}

/** What is remembered of a cluster. Throws for what was not written by {@link swarmIn}'s reader. */
export function parseSettings(text: string): SwarmSettings {
  return settingsSchema.parse(JSON.parse(text))
}
