import { PlimsollError } from '@plimsoll/model'
import { Option, type Command } from 'commander'
import { directoryIn } from '../app-in.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'

interface InitOptions {
  readonly docker: boolean
  readonly ci?: 'github'
  readonly file: string
  readonly force: boolean
  readonly json: boolean
}

interface Done {
  readonly files: readonly { readonly path: string; readonly service?: string; readonly written: boolean }[]
  readonly left: readonly { readonly why: string; readonly hint?: string | undefined }[]
}

export function addInit(program: Command, session: Session): void {
  program.command('init').summary('write files that the repository then has of its own')
    .description('Writes files into the repository, for reading and for changing.\n--docker: a Dockerfile for every service, and what they share, for building images without Plimsoll. To have Plimsoll build with them from then on: runtime: docker and dockerfilePath in render.yaml.\n--ci: a workflow that verifies every pull request, with its report in the summary and in one comment.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--docker', 'Dockerfiles, .dockerignore, and the script that chooses production files', false)
    .addOption(new Option('--ci <where>', 'a workflow for this CI').choices(['github']))
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--force', 'write over files that are there', false)
    .option('--json', 'print what was done as one JSON value', false)
    .action(async (directory: string | undefined, options: InitOptions) => {
      if (!options.docker && options.ci === undefined) throw new PlimsollError('USAGE', 'It is not said what to write', { hint: 'plimsoll init --docker, or plimsoll init --ci github' })
      const root = directoryIn(session, directory)
      const docker = options.docker ? await writtenForDocker(root, options, session.interrupted) : none
      const ci = options.ci === undefined ? none : await writtenForGithub(root, options)
      const done: Done = { files: [...docker.files, ...ci.files], left: [...docker.left, ...ci.left] }
      if (options.json) session.out.write(`${JSON.stringify(done)}\n`)
      else session.out.write(fit(doneText(done, session), session.out.columns))
    })
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
