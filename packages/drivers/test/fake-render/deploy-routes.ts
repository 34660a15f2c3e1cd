import { cancelDeploy, deployBody, isInProgress, orderDeploy } from './deploy-course.ts'
import { optionalText, pageAs, passes, Refusal, textIn, type Asked } from './exchange.ts'
import type { Routes } from './router.ts'
import { serviceOf } from './service-routes.ts'
import { iso, serviceIn, type FakeDeploy, type FakeJob, type FakeService, type World } from './world.ts'

export const deployRoutes: Routes = {
  'GET /services/{serviceId}/deploys': (world, asked) => {
    const shown = serviceOf(world, asked).deploys.filter((deploy) => isShown(world, deploy) && passes(asked.query, 'status', deploy.status)).toReversed()
    return pageAs(shown, asked.query, (deploy) => ({ deploy: deployBody(deploy) }))
  },
  'POST /services/{serviceId}/deploys': (world, asked) => {
    const service = serviceOf(world, asked)
    const commit = optionalText(asked.body, 'commitId')
    const image = optionalText(asked.body, 'imageUrl')
    assertDeployable(service, { commit, image })
    const deploy = orderDeploy(world, service, { trigger: 'api', commit, image })
    return deploy.status === 'queued' ? { status: 202 } : { status: 201, body: deployBody(deploy) }
  },
  'GET /services/{serviceId}/deploys/{deployId}': (world, asked) => ({ status: 200, body: deployBody(deployOf(world, asked)) }),
  'POST /services/{serviceId}/deploys/{deployId}/cancel': (world, asked) => {
    const deploy = deployOf(world, asked)
    if (!isInProgress(deploy) && deploy.status !== 'queued') throw new Refusal(400, `deploy ${deploy.id} is over`)
    cancelDeploy(world, serviceOf(world, asked), deploy)
    return { status: 200, body: deployBody(deploy) }
  },
  'POST /services/{serviceId}/rollback': (world, asked) => {
    const service = serviceOf(world, asked)
    const target = service.deploys.find(({ id }) => id === textIn(asked.body, 'deployId'))
    if (target === undefined) throw new Refusal(404, 'deploy not found')
    if (target.status !== 'live' && target.status !== 'deactivated') throw new Refusal(400, `deploy ${target.id} was never live`)
    const { commit, image, environment } = target
    return { status: 201, body: deployBody(orderDeploy(world, service, { trigger: 'rollback', commit, image, environment })) }
  },
  'GET /services/{serviceId}/jobs': (world, asked) => pageAs(serviceOf(world, asked).jobs.toReversed(), asked.query, (job) => ({ job: jobBody(world, job, asked.params['serviceId'] ?? '') })),
  'POST /services/{serviceId}/jobs': (world, asked) => {
    const service = serviceOf(world, asked)
    if (service.details['plan'] === 'free') throw new Refusal(400, 'one-off jobs are not supported for free tier services')
    const job: FakeJob = { id: world.newId('job'), startCommand: textIn(asked.body, 'startCommand'), createdAt: world.clock.now() }
    service.jobs.push(job)
    return { status: 201, body: jobBody(world, job, service.id) }
  },
  'GET /services/{serviceId}/jobs/{jobId}': (world, asked) => {
    const service = serviceOf(world, asked)
    const job = service.jobs.find(({ id }) => id === asked.params['jobId'])
    if (job === undefined) throw new Refusal(404, 'job not found')
    return { status: 200, body: jobBody(world, job, service.id) }
  },
  'POST /cron-jobs/{cronJobId}/runs': (world, { params }) => {
    const service = serviceIn(world, params['cronJobId'])
    if (service.type !== 'cron_job') throw new Refusal(406, `${service.id} is no cron job`)
    for (const run of service.runs) run.status = 'canceled'
    const run = { id: world.newId('crr'), status: 'pending' } as const
    service.runs.push({ ...run })
    return { status: 200, body: run }
  },
}

function deployOf(world: World, asked: Asked): FakeDeploy {
  const deploy = serviceOf(world, asked).deploys.find(({ id }) => id === asked.params['deployId'])
  if (deploy === undefined) throw new Refusal(404, `deploy ${asked.params['deployId']} not found`)
  return deploy
}

function isShown({ clock, paces }: World, { status, createdAt }: FakeDeploy): boolean {
  return status !== 'queued' || clock.now() >= createdAt + paces.queuedHidden
}

function assertDeployable(service: FakeService, { commit, image }: { readonly commit: string | undefined; readonly image: string | undefined }): void {
  const { imagePath } = service.record
  if (service.suspended) throw new Refusal(400, 'service is suspended')
  if (commit !== undefined && service.type === 'cron_job') throw new Refusal(400, 'commitId is not supported for cron jobs')
  if (commit !== undefined && imagePath !== undefined) throw new Refusal(400, 'commitId is not supported for services that run an image')
  if (image !== undefined && nameOf(image) !== nameOf(String(imagePath))) throw new Refusal(400, 'imageUrl must be of the image that is configured')
}

/** `ghcr.io/acme/web` of `ghcr.io/acme/web:1.2` and of `ghcr.io/acme/web@sha256:…` */
function nameOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** Runs for as long as jobs do, and succeeds; a command `false` fails. */
function jobBody({ clock, paces }: World, { id, startCommand, createdAt }: FakeJob, serviceId: string): object {
  const finishedAt = createdAt + paces.job
  const isOver = clock.now() >= finishedAt
  const status = clock.now() === createdAt ? 'pending' : !isOver ? 'running' : startCommand === 'false' ? 'failed' : 'succeeded'
  return { id, serviceId, startCommand, planId: 'plan-srv-006', status, createdAt: iso(createdAt), ...(isOver && { startedAt: iso(createdAt), finishedAt: iso(finishedAt) }) }
}
