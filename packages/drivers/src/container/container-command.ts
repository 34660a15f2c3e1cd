import { PlimsollError } from '@plimsoll/model'
import { basename } from 'node:path'
import { parseLine } from '@plimsoll/repository/commands'
import type { ImageFacts } from './image-facts.ts'
import { environmentFiles, type Loader } from './placed-environment.ts'

/** What a container runs. */
export interface ContainerCommand {
  readonly entrypoint: readonly string[]
  readonly arguments: readonly string[]
  /** Who in it reads the environment from a file. */
  readonly loader: Loader
  /** That the engine's init tells all processes of the group to end, as a terminal does, and not the first one alone. */
  readonly tellsGroup: boolean
  /** That it is told to end as its image says, and not by SIGTERM. */
  readonly isOfImage: boolean
}

type Image = Pick<ImageFacts, 'hasShell' | 'entrypoint' | 'command'>

const load = `. ${environmentFiles.shell}\n`

/**
 * Stays until the last process has ended, because a container ends with its first one and takes the others with it: many a
 * package manager ends at once when it is told to, and leaves behind a server that has requests to answer. Told to end, it tells
 * everyone, once. Whatever else the command leaves behind ends with it.
 */
const keep = `trap 'told=1; trap "" TERM; kill -TERM -1 2>/dev/null' TERM
/bin/sh -c "$1" & child=$!
wait "$child"; status=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
others() {
  for process in /proc/[0-9]*; do
    case "\${process#/proc/}" in 1 | "$$") continue ;; esac
    read -r line 2>/dev/null <"$process/stat" || continue
    case "\${line##*) }" in Z*) ;; *) return 0 ;; esac
  done
  return 1
}
while [ -n "$told" ] && others; do sleep 0.1 2>/dev/null || sleep 1; done
exit "$status"`

/**
 * How an instance runs: the image's own command when there is no `line`. A server that Node runs needs nothing between itself and
 * the engine's init; any other line is the shell's, and looked after by one more. Throws `PLACE_CANNOT`.
 */
export function startCommandOf(line: string | undefined, image: Image): ContainerCommand {
  if (line === undefined) return ownCommandOf(image)
  const words = plainWords(line)
  if (words !== undefined && (runsNode(words) || !image.hasShell)) return { ...direct(words), tellsGroup: true, isOfImage: false }
  if (!image.hasShell) throw needsShell(line)
  return { ...byShell(keep, [line]), tellsGroup: false, isOfImage: false }
}

/** How a command that ends by itself runs: by the shell, where there is one. Throws `PLACE_CANNOT`. */
export function execCommandOf(line: string, image: Image): ContainerCommand {
  const how = { tellsGroup: true, isOfImage: false }
  if (image.hasShell) return { ...byShell('exec /bin/sh -c "$1"', [line]), ...how }
  const words = plainWords(line)
  if (words === undefined) throw needsShell(line)
  return { ...direct(words), ...how }
}

/** The image's words stay what they are, and its first process the first. */
function ownCommandOf({ entrypoint, command, hasShell }: Image): ContainerCommand {
  const words = [...entrypoint, ...command]
  const how = { tellsGroup: false, isOfImage: true }
  if (runsNode(words) || !hasShell) return { ...direct(words), ...how }
  return { ...byShell('exec "$@"', words), ...how }
}

function direct(words: readonly string[]): Pick<ContainerCommand, 'entrypoint' | 'arguments' | 'loader'> {
  const [program = '', ...rest] = words
  return runsNode(words) ? { entrypoint: [program], arguments: ['--require', environmentFiles.node, ...rest], loader: 'node' } : { entrypoint: [program], arguments: rest, loader: undefined }
}

function byShell(script: string, words: readonly string[]): Pick<ContainerCommand, 'entrypoint' | 'arguments' | 'loader'> {
  return { entrypoint: ['/bin/sh', '-c', `${load}${script}`, 'plimsoll'], arguments: words, loader: 'shell' }
}

function runsNode([program = '']: readonly string[]): boolean {
  return basename(program) === 'node'
}

/** A program and its arguments; undefined for a line of which only a shell knows what it means. */
function plainWords(line: string): readonly string[] | undefined {
  // Quotes and backslashes are the shell's too, and so is everything that it replaces.
  if (!/^[\w./:=@,+% -]+$/.test(line.trim())) return undefined
  const { commands, understood } = parseLine(line.trim())
  const words = line.trim().split(/ +/)
  return understood && commands.length === 1 && commands[0]?.words.join(' ') === words.join(' ') ? words : undefined
}

function needsShell(line: string): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `The image has no shell at /bin/sh, and only a shell knows what this means: ${line}`, {
    hint: 'Write a program and its arguments, without quotes, variables and operators; or build from a base image with a shell.',
  })
}
