import { openDockerEngine, type DockerEngine, type EngineAddress } from '@plimsoll/drivers/docker'
import { bridgeHere, postgresImage, standInImage } from '@plimsoll/drivers/stand-in'
import { processesOf } from '../crash/home-processes.ts'
import { shapeOf, withKinds } from '../crash/home-shape.ts'
import type { Running, WorldPlace } from '../crash/world-place.ts'
import { clearDocker, onDocker, type HomeContainer } from './on-docker.ts'

/** How long the engine may take for an answer, or an image of it. */
const patienceMs = 120_000

/** Containers of the engine at `address`, for which the images of databases and of Node's base are made unless it has them. */
export async function dockerPlace(address: EngineAddress): Promise<WorldPlace> {
  const engine = openDockerEngine(address)
  const soon = (): AbortSignal => AbortSignal.timeout(patienceMs)
  const [base, postgres, host] = [await standInImage(engine, 'slim', soon()), await postgresImage(engine, soon()), await bridgeHere(engine, soon())]
  // Containers of every network reach this machine there.
  if (host === undefined) throw new Error('the engine has no bridge by which a container could reach this machine')
  return {
    name: 'docker',
    host,
    environment: { PLIMSOLL_POSTGRES_IMAGE: postgres.name, ...(address.via === 'socket' && { DOCKER_HOST: `unix://${address.path}` }) },
    ...imageForPrograms(base.name),
    standing: ['records'],
    pace: 5,
    async running(home) {
      const [processes, { containers }] = await Promise.all([processesOf(home), onDocker(engine, home, soon())])
      return [...processes, ...containers.filter(isUp).map((container) => runningOf(engine, container))]
    },
    async shape(home) {
      const [files, { containers, networks, volumes }] = await Promise.all([shapeOf(home), onDocker(engine, home, soon())])
      return withKinds(files, [...containers.filter((each) => !isUp(each)).map(kindOf), ...networks.map(() => 'network'), ...volumes.map(() => 'volume')])
    },
    left: (home) => clearDocker(engine, home, soon()),
  }
}

/** How programs are run where they are containers: all from one image, on `base`. */
export function imageForPrograms(base: string): Pick<WorldPlace, 'program' | 'hasSites' | 'files'> {
  return {
    program: ({ command }) => `    runtime: docker
    dockerfilePath: ./Dockerfile
    dockerCommand: ${command}
`,
    hasSites: false,
    files: { Dockerfile: dockerfile(base), '.dockerignore': 'render.yaml\n' },
  }
}

/** One image for all programs. What is built is checked, as where programs are no images. */
const dockerfile = (base: string): string => `FROM ${base}
WORKDIR /app
COPY . .
RUN node --check shop-server.mjs && node --check crash/worker.mjs && node --check crash/cron.mjs
USER node
`

function isUp({ state }: HomeContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused'
}

function runningOf(engine: DockerEngine, container: HomeContainer): Running {
  const { id, name, labels, published } = container
  const { 'plimsoll.service': service, 'plimsoll.release': release, 'plimsoll.resource': resource } = labels
  return {
    role: resource ?? (service === undefined ? name : `${service} r${release ?? ''}`),
    listens: published,
    async kill() {
      await engine.call({ method: 'POST', path: `/containers/${id}/kill`, to: `kill ${name}` }, AbortSignal.timeout(patienceMs))
    },
  }
}

/** Without what differs from release to release. */
function kindOf({ labels, state, name }: HomeContainer): string {
  const { 'plimsoll.service': service, 'plimsoll.role': role } = labels
  return service === undefined ? `container ${name} ${state}` : `container ${role ?? ''} ${service}-rN ${state}`
}
