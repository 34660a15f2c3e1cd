import { PlimsollError, type AppName, type ImageReference } from '@plimsoll/model'
import type { RegistryOptions, WantedImage } from './registry.ts'
import { findLogin, readLogin, type FoundLogin } from './registry-login.ts'

export interface ImageLogin extends FoundLogin {
  /** What to type where the Blueprint says that credentials are kept for the image. */
  readonly keep: string | undefined
}

/** What is shown to the registry of an image: what is kept under the Blueprint's name for it, else what Docker's own client would show. Throws `USAGE` for a kept value that is no login. */
export async function loginFor(options: Pick<RegistryOptions, 'machine' | 'keptLogin' | 'learn'>, { reference, wanted }: { readonly reference: ImageReference; readonly wanted?: WantedImage }, signal: AbortSignal): Promise<ImageLogin> {
  const credentials = wanted?.image.credentials
  const keep = wanted === undefined || credentials === undefined ? undefined : keepText(wanted.app, credentials)
  const kept = wanted === undefined || credentials === undefined ? undefined : await options.keptLogin(wanted.app, credentials)
  if (kept === undefined) return learnt(options, { ...(await findLogin(options.machine, reference.registry, signal)), keep })
  const login = readLogin(kept)
  if (login === undefined) throw new PlimsollError('USAGE', `What is kept as registry:${credentials}/LOGIN is not of the form USER:TOKEN`, { hint: `Keep it anew: ${keep}` })
  return learnt(options, { login, told: `with the credentials that are kept for ${credentials}`, keep })
}

function learnt({ learn }: Pick<RegistryOptions, 'learn'>, found: ImageLogin): ImageLogin {
  if (found.login !== undefined) learn('password' in found.login ? [found.login.password] : [found.login.identitytoken])
  return found
}

function keepText(app: AppName, credentials: string): string {
  return `plimsoll env set --app ${app} registry:${credentials}/LOGIN=USER:TOKEN`
}
