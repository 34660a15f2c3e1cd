import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startFakeRender, type FakeRender, type FakeService } from '@plimsoll/drivers/fake-render'
import { contract, type Release } from '@plimsoll/model'
import { openFaultDoor } from '../src/crash/fault-door.ts'
import { createFixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** Two services, one of which is told the host of the other; neither has an address that this machine would have to reach. */
const blueprint = `services:
  - type: pserv
    name: api
    runtime: node
    buildCommand: npm run build
    startCommand: node api.js
  - type: worker
    name: mailer
    runtime: node
    buildCommand: npm run build
    startCommand: node mailer.js
    envVars:
      - key: VERSION
        value: "1"
      - key: API_HOST
        fromService: { type: pserv, name: api, property: host }
`

const params = { app: 'shop' }

/** An app that lives on a Render of the tests' own, released by the command line, with a Plimsoll that can be killed at any point. */
export interface RenderWorld {
  readonly render: FakeRender
  /** Commits another version, whose variable differs too, and gives the commit. */
  change(): Promise<string>
  /** The commits that serve. */
  serving(): readonly (string | undefined)[]
  /** Whether pushes are deployed. */
  autoDeploys(): readonly unknown[]
  /** Lets pushes be deployed again. */
  pushesDeploy(): void
  /** How often each was asked to run `commit`. */
  asked(commit: string): readonly number[]
  /** How often the first was told to go back to `commit`. */
  wentBack(commit: string | undefined): number
  /** What the command line prints of a release that it is told not to make. */
  preview(): Promise<string>
  /** What the command line prints, asked in the directory of the app. */
  printed(...args: readonly string[]): Promise<string>
  /** Kills Plimsoll at `point` of the next release, or of going back, starts it again, and gives that release when it has ended. */
  killedAt(point: string, by?: 'release' | 'rollback'): Promise<Release>
  close(): Promise<void>
}

/** With a first release that is live. */
export async function openRenderWorld(): Promise<RenderWorld> {
  // Nothing takes time there, so that nobody waits: what is killed is Plimsoll, between any two things that it does.
  const paces = { created: 0, build: 0, preDeploy: 0, update: 0, storeCreating: 0, job: 0 }
  const render = await startFakeRender({ paces, limits: { newServices: 1_000, changes: 1_000, reads: 10_000, otherWrites: 1_000 }, clock: { now: () => Date.now(), sleep: async (ms, signal) => void (await wait(ms, undefined, { signal })) } })
  const faults = await mkdtemp(join(tmpdir(), 'render-faults-'))
  const door = openFaultDoor(faults)
  const plimsoll = await createPlimsollHome({ ...door.environment, RENDER_API_KEY: render.key, RENDER_HOST: render.base })
  const shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint })
  await shop.git('remote', 'add', 'origin', 'https://github.com/ada/shop.git')
  const release = () => plimsoll.start(['release', '--to', 'render', '--json'], { cwd: shop.directory })
  const services = (): readonly FakeService[] => ['api', 'mailer'].map((name) => render.service(name))
  let version = 1
  const first = await release().ended
  if (first.code !== 0) throw new Error(`The first release failed: ${first.out.slice(-2000)}${first.err}`)
  return {
    render,
    async change() {
      version += 1
      await shop.write('render.yaml', blueprint.replace('"1"', `"${version}"`))
      await shop.git('commit', '-q', '-a', '-m', `Version ${version}`)
      return shop.git('rev-parse', 'HEAD')
    },
    serving: () => services().map(({ deploys }) => deploys.findLast(({ status }) => status === 'live')?.commit),
    autoDeploys: () => services().map(({ record }) => record['autoDeploy']),
    pushesDeploy: () => services().forEach((service) => Object.assign(service, { record: { ...service.record, autoDeploy: 'yes' } })),
    asked: (commit) => services().map(({ deploys }) => deploys.filter((deploy) => deploy.trigger === 'api' && deploy.commit === commit).length),
    wentBack: (commit) => services()[0]?.deploys.filter((deploy) => deploy.trigger === 'rollback' && deploy.commit === commit).length ?? 0,
    preview: async () => (await plimsoll.run(['release', '--to', 'render', '--dry-run'], { cwd: shop.directory })).out,
    printed: async (...args) => (await plimsoll.run(args, { cwd: shop.directory })).out,
    async killedAt(point, by = 'release') {
      await door.arm({ signal: 'SIGKILL', point, pass: 1, afterMs: 0 })
      const command = by === 'release' ? release() : plimsoll.start(['rollback', '--yes', '--json'], { cwd: shop.directory })
      if (!(await door.struck(command.ended))) throw new Error(`${point} was not passed`)
      // What the person typed dies with it.
      command.kill('SIGKILL')
      await command.ended
      // Any command that needs it starts it, and the release goes on by itself.
      await plimsoll.run(['env', 'set', 'mailer/UNUSED=1', '--app', 'shop'])
      const client = await plimsoll.client()
      for (;;) {
        const { underWay, last } = await client.call(contract.showApp, { params })
        if (underWay === null && last !== null) return last
        await wait(50)
      }
    },
    async close() {
      await plimsoll.leave()
      await render.close()
      await rm(faults, { recursive: true })
    },
  }
}
