import { PlimsollError, type Address, type AppName } from '@plimsoll/model'
import { z } from 'zod'
import { bridgeHere } from '../bridge-here.ts'
import type { Dock } from '../containers.ts'
import { resourceName } from '../../container/place-labels.ts'
import { shapes } from './resource-body.ts'

const containerSchema = z.object({
  State: z.object({ Running: z.boolean() }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
})

/**
 * Where Plimsoll itself reaches the database of an app, which publishes nothing: in its own network, by way of the engine's bridge. Undefined for one that is not there. Throws `PLACE_CANNOT` where
 * the engine is on another machine, or in a network of its own, and `DATABASE_DOWN` for one that does not run.
 */
export async function reachDatabase({ engine, place }: Pick<Dock, 'engine' | 'place'>, { app, name }: { readonly app: AppName; readonly name: string }, signal: AbortSignal): Promise<Address | undefined> {
  const container = resourceName(place, { app, kind: 'database', name })
  const { status, body } = await engine.call({ path: `/containers/${container}/json`, to: `see where the database ${name} of ${app} is`, also: [404] }, signal)
  if (status === 404) return undefined
  if (engine.address.via !== 'socket' || (await bridgeHere(engine, signal)) === undefined) {
    throw new PlimsollError('PLACE_CANNOT', `The database ${name} of ${app} cannot be cloned: its engine is on another machine, or in a network of its own, where Plimsoll does not reach it`, { hint: `Let previews begin with an empty database: plimsoll preview settings --data empty --app ${app}` })
  }
  const { State, NetworkSettings } = containerSchema.parse(JSON.parse(body))
  const host = Object.values(NetworkSettings.Networks).find(({ IPAddress }) => IPAddress !== '')?.IPAddress
  if (!State.Running || host === undefined) throw new PlimsollError('DATABASE_DOWN', `The database ${name} of ${app} does not run`, { hint: `docker start ${container}` })
  return { host, port: shapes.database.port }
}
