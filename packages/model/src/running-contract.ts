import { runningInstancesSchema } from './running-instances.ts'
import { route } from './route.ts'
import { trafficEventSchema, trafficPictureSchema } from './traffic-picture.ts'

/** What runs of an App, and what users get from it: the part of the contract that only looks. */
export const runningContract = {
  listInstances: route({ method: 'GET', path: '/v1/apps/:app/instances', summary: 'Every instance of it, of whichever release, and what each needs of its machine now', needs: 'viewer', reply: runningInstancesSchema }),
  showTraffic: route({ method: 'GET', path: '/v1/apps/:app/releases/:release/traffic', summary: 'What users got while a release took over: requests, failures and times, by release', needs: 'viewer', reply: trafficPictureSchema }),
  watchTraffic: route({ method: 'GET', path: '/v1/apps/:app/releases/:release/traffic/events', summary: 'The same as it happens, once a second, until nobody looks after the release any more', needs: 'viewer', reply: trafficEventSchema, stream: true }),
} as const
