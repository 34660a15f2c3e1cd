import path from 'node:path'
import { PlimsollError, type UnitSpec } from '@plimsoll/model'
import { readText, type SourceTree } from '@plimsoll/repository'
import { mayShip } from '../build/file-plan.ts'
import { copiedFiles, readDockerfile, type Instruction } from './dockerfile-lines.ts'

/** The Dockerfile that a Blueprint names. */
export interface OwnDockerfile {
  /** Relative to the repository's root, as is the context. */
  readonly file: string
  readonly context: string
  readonly text: string
  /** Names of its build arguments. */
  readonly args: readonly string[]
  /** What its author should know, with line. */
  readonly remarks: readonly string[]
}

/**
 * Finds and reads the Dockerfile of a service with `runtime: docker`. Throws `SOURCE_UNREADABLE` when the repository has none there, and
 * `BUILD_FAILED` for one that would put somebody's own values into the image.
 */
export async function ownDockerfile(spec: UnitSpec, tree: SourceTree, secrets: readonly string[]): Promise<OwnDockerfile> {
  const { dockerfile = 'Dockerfile', context = '' } = spec.docker ?? {}
  // Render's documents disagree on the base of these paths; the service's own directory is tried first.
  const bases = [...new Set([spec.rootDir, ''])]
  const base = bases.find((one) => tree.files.has(path.posix.join(one, dockerfile)))
  if (base === undefined) {
    throw new PlimsollError('SOURCE_UNREADABLE', `${spec.service}: there is no ${path.posix.join(spec.rootDir, dockerfile)} in the repository`, { hint: 'name it in the Blueprint: dockerfilePath. To have one written: plimsoll init --docker' })
  }
  const file = path.posix.join(base, dockerfile)
  const text = (await readText(tree, file)) ?? ''
  const instructions = readDockerfile(text)
  refuseValues(spec, file, instructions)
  const args = instructions.filter(({ name }) => name === 'ARG').flatMap(({ rest }) => rest.split(/\s+/).map((word) => word.split('=')[0] ?? ''))
  return { file, text, context: path.posix.join(base, context).replace(/^\.$/, ''), args, remarks: remarksOn(file, instructions, secrets) }
}

function refuseValues({ service }: UnitSpec, file: string, instructions: readonly Instruction[]): void {
  for (const instruction of instructions) {
    const value = copiedFiles(instruction).find((name) => !mayShip(path.posix.basename(name)) && path.posix.basename(name).startsWith('.env'))
    if (value === undefined) continue
    throw new PlimsollError('BUILD_FAILED', `${service}: ${file}:${instruction.line} copies ${value} into the image, where everybody who has the image can read it`, {
      hint: 'Take the line out. What a build needs to know comes as a secret (RUN --mount=type=secret,id=env), what a service needs from the Blueprint',
      details: { service, file, line: instruction.line },
    })
  }
}

function remarksOn(file: string, instructions: readonly Instruction[], secrets: readonly string[]): string[] {
  return instructions.flatMap(({ name, rest, line }) => {
    const [argument = ''] = rest.split(/[=\s]/)
    if (name !== 'ARG' || !secrets.includes(argument)) return []
    return [`${file}:${line} ARG ${argument} is not given its value, which would stay in the image's history: mount it, as in RUN --mount=type=secret,id=${argument}`]
  })
}
