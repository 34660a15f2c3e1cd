import type { Command } from 'commander'
import { directoryIn } from '../app-in.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'

interface InitOptions {
  readonly docker: true
  readonly file: string
  readonly force: boolean
  readonly json: boolean
}

export function addInit(program: Command, session: Session): void {
  program.command('init').summary('write files that the repository then has of its own')
    .description('Writes a Dockerfile for every service, and what they share, into the repository: for reading, for changing, and for building images without Plimsoll.\nTo have Plimsoll build with them from then on: runtime: docker and dockerfilePath in render.yaml.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .requiredOption('--docker', 'Dockerfiles, .dockerignore, and the script that chooses production files')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--force', 'write over files that are there', false)
    .option('--json', 'print what was done as one JSON value', false)
    .action(async (directory: string | undefined, options: InitOptions) => {
      // Loaded here: no other command needs it, and it knows all about builds.
      const { writeDockerFiles } = await import('@plimsoll/api/docker-files')
      const { files, left } = await writeDockerFiles({ root: directoryIn(session, directory), blueprint: options.file, force: options.force }, session.interrupted)
      if (options.json) return void session.out.write(`${JSON.stringify({ files, left })}\n`)
      const paint = createPainter(session.out)
      for (const { path, service, written } of files) {
        session.out.write(`${written ? paint('green', '✓') : paint('yellow', '•')} ${path}${service === undefined ? '' : paint('dim', `  ${service}`)}${written ? '' : '  is there already, and stays (--force)'}\n`)
      }
      for (const { why, hint } of left) session.out.write(fit(`${paint('yellow', '•')} ${why}\n${hint === undefined ? '' : `  → ${hint}\n`}`, session.out.columns))
      if (files.length === 0 && left.length === 0) session.out.write('No service needs one: they have Dockerfiles or images of their own.\n')
    })
}
