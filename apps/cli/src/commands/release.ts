import { Option, type Command } from 'commander'
import { waitOption } from '../in-turn.ts'
import { addressText } from '../outcome-text.ts'
import { placedIn } from '../place-in.ts'
import { reasonIn } from '../reason-in.ts'
import { releaseDirectory, type TypedRelease } from '../release-directory.ts'
import { showPreview } from '../show-preview.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'

export function addRelease(program: Command, session: Session): void {
  addReleaseOptions(program.command('release').summary('release what a directory holds, without losing a request'))
    .option('--dry-run', 'where the place moves traffic by itself (render): print what would be sent, without secrets, and send nothing', false)
    .option('--skip-verify <why>', 'do not prove it in a throw-away copy first; it is shown as unproven, with this reason, from then on (default: PLIMSOLL_SKIP_VERIFY)')
    .description('Builds what changed, proves it in a throw-away copy, starts it beside what is live, and switches all services at once.\nIf anything fails, what was live serves on and nothing is left behind, but for what pre-deploy commands did to data.\nPlimsoll is started if it does not run.')
    .action(async (directory: string | undefined, typed: TypedRelease & { readonly dryRun: boolean }) => {
      const { session: there, options } = await placedIn(session, directory, typed)
      if (options.dryRun) return showPreview(there, directory, options)
      const skipVerify = reasonIn(options.skipVerify ?? (session.environment['PLIMSOLL_SKIP_VERIFY'] || undefined))
      const { app } = await releaseDirectory(there, directory, { ...options, skipVerify })
      if (!options.json) session.out.write(fit(addressText(app, createPainter(session.out)), session.out.columns))
    })
}

/** What `up` and `release` both understand. */
export function addReleaseOptions(command: Command): Command {
  return command
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--app <name>', 'the name of the app, or what the apps of places are called after (default: that of the directory)')
    .option('--to, --on <place>', 'where it is to live: a place of plimsoll.config.ts, or process (on this machine, without Docker), docker, or render (default: where it does; process when it is new)')
    .option('--image <service=reference>', 'run this image of a registry in place of building the service; a tag stands for what it is now. Again for each service', collected)
    .option('--images <file>', 'run what was built elsewhere, by the file that this wrote: plimsoll build --oci --push REGISTRY/PREFIX --images FILE')
    .option(...waitOption)
    .option('--canary <shares>', 'let a share of the visitors meet it first, or several in turn: 5% or 5%,25%,50%')
    .option('--canary-for <duration>', 'how long each share lasts (default: 1m)')
    .addOption(new Option('--pause', 'hold requests from before the migration until after the switch, for a schema change that the release before cannot live with').default(false).conflicts('canary'))
    .option('--watch <duration>', 'how long it is watched once it is live, and goes back by itself if it does worse (default: 5m; 0: not at all)')
    .option('--stay', 'stay until the watch has ended, and exit as it ended', false)
    .option('-v, --verbose', 'show every line that builds and commands print', false)
    .option('--json', 'print every event as one JSON value a line', false)
    .addHelpText('after', `
What is committed is released as its commit; a directory with uncommitted changes
is released as it stands, and shown as such. Ctrl-C takes back what was done.`)
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
