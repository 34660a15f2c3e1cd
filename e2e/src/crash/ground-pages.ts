/** How the page about it differs from that of another place. */
export interface GroundPage {
  /** Below `docs`. */
  readonly file: string
  readonly title: string
  /** How it is made. */
  readonly command: string
  /** What the app has one of each of. */
  readonly app: string
  /** What may not be left behind. */
  readonly left: string
  /** What is to be known besides. */
  readonly remarks: readonly string[]
}

export const processPage: GroundPage = {
  file: 'crash-matrix.md', title: 'Who dies, where, and what becomes of it', command: 'npm run crash-matrix',
  app: 'web, API, worker, cron, database, static site', left: 'no process, listening socket, database or file',
  remarks: ['The same for containers of a Docker engine: [crash-matrix-docker.md](crash-matrix-docker.md).'],
}

export const swarmPage: GroundPage = {
  file: 'crash-matrix-swarm.md', title: 'Who dies, where, and what becomes of it, in a cluster', command: 'npm run crash-matrix -- --on swarm',
  app: 'web, API, worker, cron, database', left: 'no process, task, service, secret, network, volume or file',
  remarks: [
    'Cases, load and judge are those of [crash-matrix.md](crash-matrix.md). Three machines with an engine each are one cluster, with edges on two of them and the data on the third; Plimsoll is beside them, and what the app\'s programs see is told to a witness beside them too.',
    'What dies in the middle of a call to the cluster dies ten times as late as is said. Machines, engines and edges that are lost are not in this table: see [swarm.md](swarm.md).',
  ],
}

export const dockerPage: GroundPage = {
  file: 'crash-matrix-docker.md', title: 'Who dies, where, and what becomes of it, on Docker', command: 'npm run crash-matrix -- --on docker',
  app: 'web, API, worker, cron, database', left: 'no process, container, published port, network, volume or file',
  remarks: [
    'Cases, load and judge are those of [crash-matrix.md](crash-matrix.md). It runs in a network of its own, with an engine of its own that may be killed; what the app\'s programs see is told to a witness outside of all containers.',
    'An instance is killed by `docker kill`, the machine by ending the engine, its helpers and all containers together with Plimsoll\'s own processes. What dies in the middle of a container\'s start dies five times as late as is said.',
    'An *engine* is killed by SIGKILL in the middle of the release, which goes on, and started again two seconds later, as systemd does. Without `live-restore` the next engine ends all containers that it finds, and starts them again. With it, they are to serve all the time. Only, nobody answers for names while no engine runs: an answer which says that another service was not found is counted up to 15 s after the death, and not held against the row; a connection that breaks is.',
    'A static site is not among the services: its image is built with a package manager, and the lab has no network.',
  ],
}
