import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { Option, type Command } from 'commander'
import { directoryIn } from '../app-in.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'

interface InitOptions {
  readonly docker: boolean
  readonly compose: boolean
  readonly ci?: 'github'
  readonly yes: boolean
  readonly file: string
  readonly force: boolean
  readonly json: boolean
}

interface Done {
  readonly files: readonly { readonly path: string; readonly service?: string; readonly written: boolean }[]
  readonly left: readonly { readonly why: string; readonly hint?: string | undefined }[]
}

export function addInit(program: Command, session: Session): void {
  program.command('init').summary('write render.yaml, and other files that the repository then has of its own')
    .description('Finds the Next.js and Fastify apps of the repository, shows what would be written and where it comes from, asks what stands nowhere, and writes what is missing: render.yaml, and plimsoll.config.ts where there are suites. A file that is there stays as it is.\n--docker: a Dockerfile for every service, and what they share, for building images without Plimsoll; a render.yaml that is written with them builds from them.\n--compose: compose.yaml, to run it all in containers, with the Dockerfiles.\n--ci: a workflow that verifies every pull request, with its report in the summary and in one comment.\nWhere the Blueprint is there already, --docker and --ci write their files at once.')
    .argument('[directory]', 'the directory that holds the workspace and its Blueprint (default: this one)')
    .option('--docker', 'Dockerfiles, .dockerignore, and the script that chooses production files', false)
    .option('--compose', 'compose.yaml and the Dockerfiles that it builds from', false)
    .addOption(new Option('--ci <where>', 'a workflow for this CI').choices(['github']))
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('-y, --yes', 'take the defaults that are shown, and write without asking', false)
    .option('--force', 'write over files of --docker and --ci that are there', false)
    .option('--json', 'print what was done as one JSON value; without --yes what would be done', false)
    .action(async (directory: string | undefined, options: InitOptions) => {
      const root = directoryIn(session, directory)
      const { docker, compose, ci, file, force, json, yes } = options
      if ((docker || ci !== undefined) && !compose && (await isThere(join(root, file)))) return writeNamed(root, options, session)
      if (force) throw new PlimsollError('USAGE', '--force is for files of --docker and --ci, beside a Blueprint that is there', { hint: 'Leave --force out, and remove what is to be written anew' })
      // Loaded here: no other command reads programs.
      const { runInit } = await import('../init/run-init.ts')
      await runInit(session, { root, file, docker, compose, ci }, { yes, json })
    })
}

/** What is named by its flag is asked for by it: nothing is shown first. */
async function writeNamed(root: string, options: InitOptions, session: Session): Promise<void> {
  const docker = options.docker ? await writtenForDocker(root, options, session.interrupted) : none
  const ci = options.ci === undefined ? none : await writtenForGithub(root, options)
  const done: Done = { files: [...docker.files, ...ci.files], left: [...docker.left, ...ci.left] }
  if (options.json) session.out.write(`${JSON.stringify(done)}\n`)
  else session.out.write(fit(doneText(done, session), session.out.columns))
}

const none: Done = { files: [], left: [] }

async function writtenForDocker(root: string, { file, force }: InitOptions, signal: AbortSignal): Promise<Done> {
  // Loaded here: no other command needs it, and it knows all about builds.
  const { writeDockerFiles } = await import('@plimsoll/api/docker-files')
  return writeDockerFiles({ root, blueprint: file, force }, signal)
}

async function writtenForGithub(root: string, { force }: InitOptions): Promise<Done> {
  const { writeGithubWorkflow } = await import('../ci/write-workflow.ts')
  return { files: [await writeGithubWorkflow({ root, force })], left: [] }
}

function doneText({ files, left }: Done, session: Session): string {
  const paint = createPainter(session.out)
  const lines = [
    ...files.map(({ path, service, written }) => `${written ? paint('green', '✓') : paint('yellow', '•')} ${path}${service === undefined ? '' : paint('dim', `  ${service}`)}${written ? '' : '  is there already, and stays (--force)'}`),
    ...left.flatMap(({ why, hint }) => [`${paint('yellow', '•')} ${why}`, ...(hint === undefined ? [] : [`  → ${hint}`])]),
  ]
  return `${lines.length === 0 ? 'No service needs one: they have Dockerfiles or images of their own.' : lines.join('\n')}\n`
}

async function isThere(place: string): Promise<boolean> {
  return access(place).then(() => true, () => false)
}
