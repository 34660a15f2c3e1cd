import { contract, type Artifact } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi } from '../connect.ts'
import { imageTable } from '../image-table.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createLiveLine } from '../screen/live-line.ts'
import { createPainter } from '../screen/painter.ts'
import { printedLine } from '../screen/printed-line.ts'

interface BuildOptions extends AppOptions {
  readonly oci: true
  readonly directory?: string
  readonly file: string
  readonly verbose: boolean
  readonly json: boolean
}

export function addBuild(program: Command, session: Session): void {
  program.command('build').summary('build images of services, and release nothing')
    .description('Builds a production image for every service, or for those that are named: from the Dockerfile that the Blueprint names, else from one that is written for it (see it: plimsoll init --docker).\nWhat equal inputs have made before is found, not built. At the end it says how large each image is, and its digest.')
    .argument('[services...]', 'only these services (default: all)')
    .requiredOption('--oci', 'images for a container engine')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint (default: this one)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('-v, --verbose', 'print every line of the builds', false)
    .option('--json', 'print what happens as one JSON value a line', false)
    .action(async (services: string[], options: BuildOptions) => {
      const root = directoryIn(session, options.directory)
      const app = appIn(root, options)
      const client = await ensureApi(session)
      const asked = { params: { app }, body: { source: { root, blueprint: options.file }, services } }
      const events = client.stream(contract.buildImages, asked, session.interrupted)
      if (options.json) {
        for await (const event of events) session.out.write(`${JSON.stringify(event)}\n`)
        return
      }
      const paint = createPainter(session.out)
      const live = createLiveLine(session.out)
      const images: Artifact[] = []
      try {
        for await (const { event, data } of events) {
          if (event === 'image') images.push(data)
          else if (options.verbose) live.print(fit(`${paint('dim', `  ${data.service} │`)} ${printedLine(data.text, paint)}`, session.out.columns))
          else live.show(`${data.service}: ${data.text.trim()}`)
        }
      } finally {
        live.show(undefined)
      }
      session.out.write(imageTable(images, paint))
    })
}
