import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createDockerLab, dockerLabAt, type DockerLab, type LabName } from '@plimsoll/drivers/stand-in'

const variable = 'PLIMSOLL_E2E_LAB'

/**
 * The lab whose network this process is in. Where it is in none, the same program is run again in a new one, and this process ends as that does:
 * what containers publish is reached in the network of their engine alone.
 */
export async function labOfThisProcess(): Promise<DockerLab> {
  const name = process.env[variable]
  if (name !== undefined) return dockerLabAt(JSON.parse(name) as LabName)
  const lab = createDockerLab()
  const [enter = '', ...words] = lab.enter
  const environment = { ...process.env, [variable]: JSON.stringify({ directory: lab.directory, network: lab.network }) }
  const child = spawn(enter, [...words, process.execPath, ...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env: environment })
  // A terminal tells both of Ctrl-C; whoever ends this one by its id means the other.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  await lab.remove()
  process.exit(code ?? 1)
}
