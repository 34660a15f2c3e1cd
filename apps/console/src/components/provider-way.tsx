import { contract } from '@plimsoll/model'
import { paths } from '../paths.ts'
import { tryApi } from '../server/ask-api.ts'

/** The way to the provider, for whoever is not in yet; nothing where there is none. It is left by a whole page, so that it works without scripts too. */
export async function ProviderWay({ words, ...wish }: { words: 'Sign in' | 'Join'; to?: string; invitation?: string }) {
  const answer = await tryApi(contract.showProvider, {})
  if (answer.is === 'problem' || answer.value.name === null) return null
  return (
    <p className="mb-6 border-b border-line pb-6">
      <a href={paths.provider(wish)} className="flex h-11 items-center justify-center rounded-sm border border-line-strong bg-plate px-3.5 font-medium hover:bg-well sm:h-9">{words} with {answer.value.name}</a>
    </p>
  )
}
