import { contract } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { serve } from './serve.ts'

/** The keys that secrets are sealed with. What has begun goes on when whoever asked is gone. */
export function serveSecrets(api: FastifyInstance, { store: { secrets } }: Pick<Services, 'store'>): void {
  serve(api, contract.showSecrets, () => secrets.status())
  serve(api, contract.rotateSecrets, () => secrets.rotate())
  serve(api, contract.startSecretsOver, () => secrets.startOver())
}
