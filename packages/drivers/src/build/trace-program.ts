import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { SourceTree } from '@plimsoll/repository'
import { nodeFileTrace } from '@vercel/nft'
import { z } from 'zod'
import { writeDurably } from '../process/durable-file.ts'

/** What a program's own code reaches, by paths relative to the root. */
export interface OwnTrace {
  /** Files of the repository and of its build. */
  readonly files: readonly string[]
  /** What the code imports out of node_modules: the first files there, and the links to them. */
  readonly boundary: readonly string[]
}

export interface TraceQuestion {
  readonly root: string
  readonly tree: SourceTree
  /** Where answers about node_modules are remembered. */
  readonly memory: string
}

/** Reads a program's own code and stops at node_modules. */
export async function traceOwn(root: string, entries: readonly string[], cache: object = {}): Promise<OwnTrace> {
  const { fileList, reasons } = await nodeFileTrace(absolute(root, entries), { base: root, processCwd: root, cache, ignore: isInstalled })
  return {
    files: [...fileList].filter((file) => !isInstalled(file)),
    boundary: [...reasons].flatMap(([file, reason]) => (reason.ignored ? file : [])).sort(),
  }
}

/**
 * The installed files that a program reaches. Reading thousands of files takes seconds, so the answer is
 * remembered by all that it depends on: what the program imports, and what the repository says is installed.
 */
export async function traceInstalled(question: TraceQuestion, entries: readonly string[], boundary: readonly string[]): Promise<string[]> {
  const { root, memory } = question
  const file = path.join(memory, `${nameOf(question, boundary)}.json`)
  const known = await recall(file, root)
  if (known !== undefined) return known
  const { fileList } = await nodeFileTrace(absolute(root, entries), { base: root, processCwd: root })
  const installed = [...fileList].filter(isInstalled).sort()
  await writeDurably(file, JSON.stringify(installed))
  return installed
}

export function isInstalled(file: string): boolean {
  return file.startsWith('node_modules/') || file.includes('/node_modules/')
}

/** Files by which package managers decide what to install. */
const decidesInstall = /(?:^|\/)(?:package\.json|pnpm-lock\.yaml|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|bun\.lockb?|pnpm-workspace\.yaml|\.npmrc|\.yarnrc\.yml|\.pnpmfile\.c?js)$|\.patch$/

function nameOf({ tree }: TraceQuestion, boundary: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([1, process.versions.node, boundary]))
  for (const { path: file, blob } of [...tree.files.values()].filter((one) => decidesInstall.test(one.path)).sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(JSON.stringify([file, blob]))
  }
  return hash.digest('hex')
}

async function recall(file: string, root: string): Promise<string[] | undefined> {
  try {
    const installed = z.array(z.string()).parse(JSON.parse(await readFile(file, 'utf8')))
    // An install that ended differently than the last one makes the memory worthless.
    await Promise.all(installed.map((one) => access(path.join(root, one))))
    return installed
  } catch {
    // Nothing remembered, or not true any more: traced anew.
    return undefined
  }
}

function absolute(root: string, entries: readonly string[]): string[] {
  return [...new Set(entries)].map((file) => path.join(root, file))
}
