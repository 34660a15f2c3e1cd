import { PlimsollError } from '@plimsoll/model'
import { basename } from 'node:path'
import { parseLine } from '../build/shell-words.ts'
import type { ImageFacts } from './image-facts.ts'

/** What a container runs, in place of what its image says. */
export interface ContainerCommand {
  readonly entrypoint: readonly string[]
  readonly arguments: readonly string[]
  /** That the engine's init tells all processes of the group to end, as a terminal does, and not the first one alone. */
  readonly tellsGroup: boolean
}

/**
 * Stays until the last process has ended, because a container ends with its first one and takes the others with it: many a
 * package manager ends at once when it is told to, and leaves behind a server that has requests to answer. Told to end, it tells
 * everyone, once. Whatever else the command leaves behind ends with it.
 */
const keeper = `
trap 'told=1; trap "" TERM; kill -TERM -1 2>/dev/null' TERM
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
 * How a start command runs. A server that Node runs needs nothing between itself and the engine's init; any other line is the
 * shell's, and looked after by one more. Undefined where the image's own command is to run as it is. Throws `PLACE_CANNOT`.
 */
export function startCommandOf(line: string | undefined, image: Pick<ImageFacts, 'hasShell'>): ContainerCommand | undefined {
  if (line === undefined) return undefined
  const words = plainWords(line)
  const isNode = words !== undefined && basename(words[0] ?? '') === 'node'
  if (isNode || (!image.hasShell && words !== undefined)) return { entrypoint: words.slice(0, 1), arguments: words.slice(1), tellsGroup: true }
  if (!image.hasShell) throw needsShell(line)
  return { entrypoint: ['/bin/sh', '-c', keeper, 'plimsoll'], arguments: [line], tellsGroup: false }
}

/** How a command that ends by itself runs: by the shell, where there is one. Throws `PLACE_CANNOT`. */
export function execCommandOf(line: string, image: Pick<ImageFacts, 'hasShell'>): ContainerCommand {
  if (image.hasShell) return { entrypoint: ['/bin/sh', '-c'], arguments: [line], tellsGroup: true }
  const words = plainWords(line)
  if (words === undefined) throw needsShell(line)
  return { entrypoint: words.slice(0, 1), arguments: words.slice(1), tellsGroup: true }
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
