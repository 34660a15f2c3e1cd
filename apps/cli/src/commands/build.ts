import { resolve } from 'node:path'
import { contract, PlimsollError, pushPrefixSchema, type Artifact, type ImageEvent, type Source } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi } from '../connect.ts'
import { imageTable } from '../image-table.ts'
import { imageSetOf, writeImageSet } from '../image-set-file.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createLiveLine } from '../screen/live-line.ts'
import { createPainter } from '../screen/painter.ts'
import { printedLine } from '../screen/printed-line.ts'

interface BuildOptions extends AppOptions {
  readonly oci: true
  readonly directory?: string
  readonly file: string
  /** Registry, and what comes before the services' names. */
  readonly push?: string
  /** Where the set is written. */
  readonly images?: string
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
    .option('--push <registry/prefix>', 'push each to a registry, as in ghcr.io/acme/shop, and print its name there by digest')
    .option('--images <file>', 'write what was pushed to this file, which is for: plimsoll release --images FILE')
    .option('-v, --verbose', 'print every line of the builds', false)
    .option('--json', 'print what happens as one JSON value a line', false)
    .action(async (services: string[], options: BuildOptions) => {
      assertCanPush(options)
      const root = directoryIn(session, options.directory)
      const app = appIn(root, options)
      const client = await ensureApi(session)
      const asked = { params: { app }, body: { source: { root, blueprint: options.file }, services, ...(options.push !== undefined && { push: options.push }) } }
      const { images, source } = await follow(session, client.stream(contract.buildImages, asked, session.interrupted), options)
      const paint = createPainter(session.out)
      if (!options.json) session.out.write(imageTable(images, paint))
      if (options.images === undefined) return
      await writeImageSet(resolve(session.directory, options.images), imageSetOf({ app, source, images }))
      if (!options.json) session.out.write(paint('dim', fit(`Release them: plimsoll release --on docker --images ${options.images}\n`, session.out.columns)))
    })
}

/** Shows builds as they go. Gives what was built, and from what. */
async function follow({ out }: Session, events: AsyncIterable<ImageEvent>, { json, verbose }: BuildOptions): Promise<{ readonly images: readonly Artifact[]; readonly source: Source | undefined }> {
  const paint = createPainter(out)
  const live = createLiveLine(out)
  const images: Artifact[] = []
  let source: Source | undefined
  try {
    for await (const { event, data } of events) {
      if (event === 'source') source = data
      if (event === 'image') images.push(data)
      if (json) out.write(`${JSON.stringify({ event, data })}\n`)
      else if (event === 'line' && verbose) live.print(fit(`${paint('dim', `  ${data.service} │`)} ${printedLine(data.text, paint)}`, out.columns))
      else if (event === 'line') live.show(`${data.service}: ${data.text.trim()}`)
    }
  } finally {
    live.show(undefined)
  }
  return { images, source }
}

/** Throws `USAGE` before anything is built for what could not be pushed, or not be handed on. */
function assertCanPush({ push, images }: BuildOptions): void {
  if (push !== undefined && !pushPrefixSchema.safeParse(push).success) {
    throw new PlimsollError('USAGE', `--push ${push} does not name a registry and what comes before the names of services`, { hint: 'Write it as in: --push ghcr.io/acme/shop' })
  }
  if (images !== undefined && push === undefined) throw new PlimsollError('USAGE', '--images writes down what was pushed, and nothing is', { hint: 'Say where to push it, as in: --push ghcr.io/acme/shop' })
}
