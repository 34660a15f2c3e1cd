import { contract, PlimsollError } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import { signingInBy } from '../access/by-provider.ts'
import type { ProviderSettings } from '../access/provider-settings.ts'
import type { Services } from '../services.ts'
import { serve } from './serve.ts'

/** Signing in at a provider; without `settings` there is none, and nothing of its library is loaded before somebody goes there. */
export function serveProvider(api: FastifyInstance, { services, settings }: { readonly services: Pick<Services, 'store' | 'clock' | 'console'>; readonly settings: ProviderSettings | undefined }): void {
  const client = settings && once(async () => (await import('../access/provider-client.ts')).createProviderClient(settings))
  const provider = settings && client && signingInBy({ services, settings, client })
  const there = (): NonNullable<typeof provider> => {
    if (provider === undefined) throw new PlimsollError('NOT_FOUND', 'This Plimsoll has no provider at which one could sign in')
    return provider
  }
  serve(api, contract.showProvider, async () => ({ name: settings?.name ?? null }))
  serve(api, contract.leaveForProvider, ({ body }) => there().leave(body))
  serve(api, contract.comeFromProvider, async ({ body, came }) => {
    const { session, who, identity: { issuer, subject } } = await there().come(body)
    await came(who, { issuer, subject })
    return session
  })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
