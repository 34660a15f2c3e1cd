import { contract, isPlimsollError, type AuditEntry, type Principal, type Route } from '@plimsoll/model'
import type { FastifyRequest } from 'fastify'
import type { Services } from '../services.ts'

interface Noted {
  readonly request: FastifyRequest
  readonly route: Route
}

/** Writes down who asks for a change. */
export interface AuditTrail {
  /** Before it is begun; throws when it cannot be written, except for the owner, who must be able to stop what has no database. */
  allowed(noted: Noted & { readonly details: Readonly<Record<string, unknown>> }): Promise<void>
  refused(noted: Noted & { readonly code: string }): Promise<void>
  /** After `allowed`, of somebody who was nobody before: who it turned out to be. */
  came(noted: Noted & { readonly who: Principal; readonly details: Readonly<Record<string, unknown>> }): Promise<void>
  /** After `allowed`. */
  failed(noted: Noted & { readonly error: unknown }): Promise<void>
}

const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`
const names = new Map(Object.entries(contract).map(([name, route]) => [keyOf(route), name]))

export function createAuditTrail({ store, clock }: Pick<Services, 'store' | 'clock'>): AuditTrail {
  const add = async ({ request, route, who = request.known?.who }: Noted & { readonly who?: Principal }, rest: Pick<AuditEntry, 'outcome' | 'code' | 'details'>): Promise<void> => {
    const { app = null, ...others } = request.params as Readonly<Record<string, string>>
    await store.auditLog.add({
      at: new Date(clock.now()).toISOString(), request: request.id, action: names.get(keyOf(route)) ?? keyOf(route), app, address: request.ip,
      who: who === undefined ? { kind: 'nobody', id: '', name: '' } : { kind: who.kind, id: who.id, name: who.name },
      ...rest, details: { ...others, ...rest.details },
    })
  }
  return {
    async allowed({ request, route, details }) {
      try {
        await add({ request, route }, { outcome: 'allowed', code: null, details })
      } catch (error) {
        if (request.known?.who.kind !== 'owner') throw error
        request.log.error({ err: error }, 'this change is not in the audit log')
      }
    },
    came: ({ request, route, who, details }) => add({ request, route, who }, { outcome: 'allowed', code: null, details }),
    refused: ({ request, route, code }) => add({ request, route }, { outcome: 'refused', code, details: {} }),
    async failed({ request, route, error }) {
      const code = isPlimsollError(error) ? error.code : 'BUG'
      // Whoever asked is to learn what went wrong, and not that this could not be written down too.
      await add({ request, route }, { outcome: 'failed', code, details: {} }).catch((reason: unknown) => request.log.error({ err: reason }, 'a failure is not in the audit log'))
    },
  }
}

/** Asked with a body, so that no secret stands in an address and no page is answered from a cache; nothing is changed by it. */
const onlyAsking: ReadonlySet<unknown> = new Set([contract.showInvitation, contract.leaveForProvider])

/** Whether whoever asks this wants something to be changed. */
export function isChange(route: Pick<Route, 'method'>): boolean {
  return route.method !== 'GET' && !onlyAsking.has(route)
}
