import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DockerEngine } from '@plimsoll/drivers/docker'
import { haproxy, haproxyFiles, layerOn, standInImage, type MadeImage } from '@plimsoll/drivers/stand-in'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const collect = join(root, 'packages/drivers/src/image/production-files.mjs')
/** As whom the image runs. */
export const edgeUid = 65_532

const start = ['ENTRYPOINT []', 'CMD ["node","--disable-warning=ExperimentalWarning","packages/edge/src/main.ts"]']

/** The edge of this repository as an image, of the same files as its Dockerfile's, on a stand-in for Node's base image: nothing is pulled. */
export async function edgeImage(engine: DockerEngine, signal: AbortSignal): Promise<MadeImage> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-edge-files-'))
  try {
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', collect, join(directory, 'files'), join(directory, 'memory'), 'packages/edge/src/main.ts'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    const files = ['installed', 'built'].flatMap((layer) => entriesBelow(join(directory, 'files', layer)))
    const home = { path: 'plimsoll/', mode: 0o700, uid: edgeUid }
    const changes = [
      'WORKDIR /app', `USER ${edgeUid}:${edgeUid}`, 'ENV NODE_ENV=production HOME=/plimsoll',
      `HEALTHCHECK --interval=2s --timeout=3s --start-period=30s CMD ["node","-e","require('node:http').get({socketPath:process.env.PLIMSOLL_EDGE_HOME+'/edge/control.sock',path:'/health'},r=>process.exit(r.statusCode===200?0:1)).on('error',()=>process.exit(1))"]`,
      ...start,
    ]
    return await layerOn(engine, { base: await standInImage(engine, 'slim', signal), layer: { name: 'plimsoll-test-edge', files: [home, ...files], changes } }, signal)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The same with a HAProxy that listens for it. */
export async function haproxyEdgeImage(engine: DockerEngine, signal: AbortSignal): Promise<MadeImage> {
  const layer = { name: 'plimsoll-test-haproxy-edge', files: haproxyFiles(), changes: [`ENV PLIMSOLL_EDGE_HAPROXY=${haproxy}`, ...start] }
  return layerOn(engine, { base: await edgeImage(engine, signal), layer }, signal)
}

/** What a cluster's edge may be. */
export const edgeImages = { edge: edgeImage, haproxy: haproxyEdgeImage } as const
export type EdgeKind = keyof typeof edgeImages

/** Links stay links: packages are linked to each other. */
function entriesBelow(root: string, within = ''): { path: string; mode: number; link?: string; content?: Buffer }[] {
  return readdirSync(join(root, within), { withFileTypes: true }).flatMap((entry) => {
    const path = join(within, entry.name)
    if (entry.isSymbolicLink()) return [{ path, mode: 0o777, link: readlinkSync(join(root, path)) }]
    return entry.isDirectory() ? entriesBelow(root, path) : [{ path, mode: 0o644, content: readFileSync(join(root, path)) }]
  })
}
