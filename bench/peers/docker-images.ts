import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { docker } from './docker.ts'
import type { PeerWorld } from './peer-world.ts'
import { runTool } from './run-tool.ts'
import { programs, services, type Service } from './storefront-at.ts'

const usualBase = 'node:24-bookworm-slim'
/** Inside a container, for both services. */
export const innerPort = 3000

/** The storefront's builds as images. */
export interface Images {
  nameOf(service: Service, release: number): string
}

/** Builds one image for each service and build, gone when the world is left, as a Dockerfile does that copies what was built elsewhere. */
export async function buildImages(world: PeerWorld): Promise<Images> {
  const nameOf = (service: Service, release: number): string => `${prefixOf(world)}-${service}:${release % 2}`
  const base = await nodeImage(world)
  const wanted = services.flatMap((service) => [1, 2].map((release) => ({ service, release })))
  for (const { service, release } of wanted) {
    const file = join(world.home, `${service}.Dockerfile`)
    await writeFile(file, dockerfile(service, base))
    world.atLeave(() => docker('image', 'rm', '--force', nameOf(service, release)))
    await docker('build', '--quiet', '--tag', nameOf(service, release), '--file', file, world.builds.of(release)[service].files)
  }
  return { nameOf }
}

function prefixOf({ home }: PeerWorld): string {
  return `plimsoll-bench-${basename(home).toLowerCase()}`
}

function dockerfile(service: Service, base: string): string {
  const asksItself = `fetch('http://127.0.0.1:${innerPort}/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`
  return `FROM ${base}
WORKDIR /app
COPY . .
HEALTHCHECK --interval=1s --timeout=5s --retries=10 CMD ${JSON.stringify(['node', '-e', asksItself])}
CMD ${JSON.stringify(['node', programs[service]])}
`
}

/** The official image, if the engine has it or can get it; else one of the Node that runs this, for machines that can pull nothing. */
async function nodeImage(world: PeerWorld): Promise<string> {
  const there = await docker('image', 'inspect', usualBase).catch(() => docker('pull', '--quiet', usualBase)).then(() => true, () => false)
  return there ? usualBase : importProgram(world, process.execPath, 'node')
}

/**
 * An image of one program of this machine with the libraries that it is linked to, and nothing else: no shell, no package manager.
 * Commands find it by `name`. Gone when the world is left.
 */
export async function importProgram(world: PeerWorld, program: string, name: string): Promise<string> {
  const image = `${prefixOf(world)}-${name}`
  const root = join(world.home, 'images', name)
  const libraries = [...(await runTool('ldd', [program], { cwd: '/' })).matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library)
  for (const [from, to] of [[program, `/usr/bin/${name}`], ...libraries.map((library) => [library, library])] as const) {
    await mkdir(join(root, dirname(to)), { recursive: true })
    await copyFile(from, join(root, to))
  }
  // What programs look up about themselves: that root exists, where names are asked for, and room for what is in the making.
  const files = { passwd: 'root:x:0:0:root:/:/\n', group: 'root:x:0:\n', 'nsswitch.conf': 'hosts: files dns\n' }
  await Promise.all(['etc', 'tmp'].map((directory) => mkdir(join(root, directory))))
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, 'etc', file), text)
  const archive = `${root}.tar`
  await runTool('tar', ['--create', '--file', archive, '--directory', root, '--owner=0', '--group=0', '.'], { cwd: '/' })
  world.atLeave(() => docker('image', 'rm', '--force', image))
  await docker('import', '--change', 'ENV PATH=/usr/bin', archive, image)
  return image
}
