import { insert, insertProbes, insertText, literal, neededBy, refusals, type InsertProbe } from '../../database/insert-probe.ts'
import type { Column, Schema } from '../../database/schema.ts'
import { holdsAll } from '../../database/holds-all.ts'
import { withClient } from '../../database/with-client.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { besideLive } from '../beside-live.ts'
import { askReads, isBad, readProbesOf } from '../read-probes.ts'
import { nothingLive, type StudiedDatabase, type StudyMigration } from './migration-study.ts'
import { oldOnNew, type RaiseOld } from './old-on-new-check.ts'
import { migrators, noPreDeploy } from './pre-deploy.ts'

/** After going back, rows are there that only the new schema allows. */
export function newWritesCheck(study: StudyMigration, raiseOld: RaiseOld): RehearsalCheck {
  return {
    id: 'database.new-writes-old-reads',
    title: 'The live release reads what only the new schema lets the new one write',
    concern: 'database',
    after: [oldOnNew],
    limitMs: 120_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: nothingLive }]
      const { copy, databases } = await study(rehearsal, signal)
      const rows = databases.flatMap(({ name, ...database }) => newRows(database).flatMap((probe) => {
        const address = copy.databases[name]?.here
        return address === undefined ? [] : [{ address, probe, needed: neededBy(probe, insertProbes(database.after)) }]
      }))
      if (rows.length === 0) return [{ is: 'pass', finding: 'The new schema allows no row of a known table that the old one did not' }]
      const old = await raiseOld(rehearsal, signal)
      const probes = (await Promise.all(old.units.map((unit) => readProbesOf(unit, signal)))).flat()
      for (const { address, needed } of rows) await withClient(address, (client) => refusals(client, needed, 'commit'), {}, signal)
      const before = new Set((await askReads(old.units, probes, signal)).filter(isBad).map(({ service, path }) => `${service} ${path}`))
      const written: InsertProbe[] = []
      for (const { address, probe } of rows) {
        if ((await withClient(address, (client) => insert(client, probe), {}, signal)) === undefined) written.push(probe)
      }
      if (written.length === 0) return [{ is: 'skipped', finding: `Rows as only the new schema allows could not be made up for ${rows.map(({ probe }) => probe.table).join(', ')}` }]
      const bad = (await askReads(old.units, probes, signal)).filter((answer) => isBad(answer) && !before.has(`${answer.service} ${answer.path}`))
      const evidence = [{ title: 'The rows that were written', text: written.map(insertText).join(';\n') }]
      if (bad.length === 0) return [{ is: 'pass', finding: `Read on with ${written.length === 1 ? 'a row' : `${written.length} rows`} in ${[...new Set(written.map(({ table }) => table))].join(', ')} that the old schema did not allow`, evidence }]
      return besideLive(rehearsal, bad.slice(0, 5).map(({ service, path, status }): Finding => ({
        is: 'fail', service, evidence, reproduce: `GET ${path}`,
        finding: `With a row as the new schema allows it, the live release's ${service} ${status === undefined ? 'gives no answer' : `answers ${status}`} to ${path}`,
        hint: 'Going back would meet such rows. Release code that can read them first, and code that writes them after it.',
      })))
    },
  }
}

/** Rows of tables that both know, each with one value that could not be there before. */
function newRows({ before, after }: Pick<StudiedDatabase, 'before' | 'after'>): readonly InsertProbe[] {
  const probes = insertProbes(after)
  return Object.entries(before.tables).flatMap(([name, table]) => {
    const probe = probes.find((each) => each.table === name)
    const now = after.tables[name]
    if (probe === undefined || now?.oid !== table.oid) return []
    return Object.entries(table.columns).flatMap(([column, was]) => {
      const is = now.columns[column]
      if (is === undefined) return []
      return newValues({ before, after }, was, is).map((value) => ({ ...probe, values: { ...probe.values, [column]: value } }))
    })
  })
}

function newValues(schemas: { readonly before: Schema; readonly after: Schema }, was: Column, is: Column): readonly string[] {
  const known = labelsOf(schemas.before, was)
  const labels = known === undefined ? [] : (labelsOf(schemas.after, is) ?? []).filter((label) => !known.includes(label))
  return [...(was.required && !is.required ? ['null'] : []), ...labels.map(literal), ...(was.type === is.type || !holdsAll(is.type, was.type) ? [] : beyond(was))]
}

function labelsOf({ enums }: Schema, { type }: Column): readonly string[] | undefined {
  return enums[type] ?? enums[`public.${type}`]
}

/** What a type could not hold. */
function beyond({ type }: Column): readonly string[] {
  const limit = /\((\d+)\)$/.exec(type)?.[1]
  if (limit !== undefined) return [literal('x'.repeat(Number(limit) + 1))]
  return type === 'smallint' ? ['40000'] : []
}
