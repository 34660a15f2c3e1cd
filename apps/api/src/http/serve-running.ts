import { contract } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import type { Painter } from '../traffic/painter.ts'
import { listInstances } from '../use-cases/list-instances.ts'
import { showTraffic, watchTraffic } from '../use-cases/show-traffic.ts'
import { appIn } from './app-in.ts'
import { releaseIn } from './release-in.ts'
import { serve, serveStream } from './serve.ts'

/** What runs, and what users get from it: the part of the contract that only looks. */
export function serveRunning(api: FastifyInstance, parts: { readonly services: Services; readonly painter: Pick<Painter, 'painting'> }): void {
  serve(api, contract.listInstances, ({ params, signal }) => listInstances(parts.services, appIn(params), signal))
  serve(api, contract.showTraffic, ({ params }) => showTraffic(parts, appIn(params), releaseIn(params)))
  serveStream(api, contract.watchTraffic, ({ params, signal }) => watchTraffic(parts, { app: appIn(params), release: releaseIn(params) }, signal))
}
