import type { ConfiguredPlace } from '@plimsoll/api/places'
import { changesSentences, contract, errorCodes, PlimsollError, promotionSentences, type PromotionPlan } from '@plimsoll/model'
import type { Command } from 'commander'
import type { AppOptions } from '../app-in.ts'
import { ensureApi } from '../connect.ts'
import { inTurn, waitMsOf, waitOption, type WaitOptions } from '../in-turn.ts'
import { durationIn } from '../number-in.ts'
import { addressText } from '../outcome-text.ts'
import { placeCalled, placesIn, sessionOf } from '../place-in.ts'
import { reasonIn } from '../reason-in.ts'
import { sayOutcome } from '../say-outcome.ts'
import { confirm } from '../screen/confirm.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'
import type { Session } from '../session.ts'
import { watchToEnd } from '../watch-release.ts'

interface PromoteOptions extends AppOptions, WaitOptions {
  readonly file: string
  readonly directory?: string
  readonly skipVerify?: string
  readonly watch?: string
  readonly yes: boolean
  readonly json: boolean
  readonly verbose: boolean
}

export function addPromote(program: Command, session: Session): void {
  program.command('promote').summary('release in one place the very artifacts that are live in another')
    .description('Releases what is live in one place of plimsoll.config.ts in another, without building anything: the artifacts are the same by their digests.\nWhat was proven of them there holds here. It says what goes live and which variables differ, and asks on a terminal.')
    .argument('<from>', 'the place where it is live, as in: staging')
    .argument('<to>', 'the place where it is to go live, as in: production')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint (default: this one)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--app <name>', 'what the apps of the places are called after (default: the directory)')
    .option('--skip-verify <why>', 'do not prove it first, where nothing that was proven holds; it is shown as unproven, with this reason (default: PLIMSOLL_SKIP_VERIFY)')
    .option('--watch <duration>', 'how long it is watched once it is live, and goes back by itself if it does worse (default: 5m; 0: not at all)')
    .option(...waitOption)
    .option('-y, --yes', 'do it without asking', false)
    .option('-v, --verbose', 'show every line that services and commands print', false)
    .option('--json', 'print every event as one JSON value a line', false)
    .action(async (from: string, to: string, options: PromoteOptions) => {
      const places = await placesIn(session, options.directory, options)
      const [origin, target] = [placeCalled(from, places), placeCalled(to, places)]
      assertTogether(origin, target)
      await promoteTo(sessionOf(session, target), { origin, target }, options)
    })
}

interface Way {
  readonly origin: ConfiguredPlace
  readonly target: ConfiguredPlace
}

async function promoteTo(session: Session, { origin, target }: Way, options: PromoteOptions): Promise<void> {
  const waitMs = waitMsOf(session, options)
  const skipVerify = reasonIn(options.skipVerify ?? (session.environment['PLIMSOLL_SKIP_VERIFY'] || undefined))
  const watchMs = options.watch === undefined ? undefined : durationIn(options.watch, '--watch')
  const client = await ensureApi(session)
  const { app, domains, values } = target
  const plan = await client.call(contract.describePromotion, { params: { app }, body: { from: origin.app, values } }, session.interrupted)
  if (!options.json && !(await agreed(session, { plan, to: target.name }, options))) return
  if (Object.keys(values).length > 0) await client.call(contract.setValues, { params: { app }, body: { values } }, session.interrupted)
  const release = await inTurn({ client, session, app: plan.app, waitMs }, () => client.call(contract.promote, {
    params: { app }, body: { from: origin.app, release: plan.from.release, domains, ...(watchMs !== undefined && { watchMs }), ...(skipVerify !== undefined && { skipVerify }) },
  }, session.interrupted))
  const settled = await watchToEnd({ client, session, release }, options)
  const view = await client.call(contract.showApp, { params: { app } })
  sayOutcome(session, { release: settled, app: view }, options)
  if (!options.json) session.out.write(fit(addressText(view, createPainter(session.out)), session.out.columns))
}

/** Artifacts lie with one Plimsoll, in the form of one driver. */
function assertTogether(from: ConfiguredPlace, to: ConfiguredPlace): void {
  const differ = from.server !== to.server ? 'belong to two Plimsolls' : from.driver !== to.driver ? `have two drivers, ${from.driver} and ${to.driver}` : undefined
  if (differ === undefined) return
  throw new PlimsollError('NOT_PROMOTABLE', `${from.name} and ${to.name} ${differ}, which do not have the same artifacts`, { hint: `Build there what is committed: plimsoll release --to ${to.name}. Or push images, and release both by them: plimsoll release --to ${to.name} --images FILE` })
}

/** Says what goes live, and asks whoever can be asked; a script that says promote means it. */
async function agreed(session: Session, { plan, to }: { readonly plan: PromotionPlan; readonly to: string }, { yes }: PromoteOptions): Promise<boolean> {
  const { out, input, interrupted } = session
  const paint = createPainter(out)
  const { from, app, commit, subject } = plan
  out.write(fit(`${paint('bold', `Promoting release ${from.release} of ${from.app} to ${app}:`)} ${paint('dim', `${commit.slice(0, 7)} ${subject ?? ''}`.trim())}\n${sentencesOf(plan).map((sentence) => `  ${sentence}\n`).join('')}`, out.columns))
  if (yes || !out.isTTY || !input.isTTY || (await confirm({ input, out }, `Let it go live in ${to}?`, interrupted))) return true
  out.write('Nothing was changed.\n')
  session.exitWith(errorCodes.INTERRUPTED.exit)
  return false
}

function sentencesOf(plan: PromotionPlan): readonly string[] {
  const [commits = ''] = [changesSentences({ commits: plan.commits, environment: { is: 'known', variables: [] } }).slice(0, -1).join(' ')]
  return [commits, ...promotionSentences(plan)]
}
