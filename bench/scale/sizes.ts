import { appNameSchema, type AppName } from '../../packages/model/src/model.ts'

/** How much there is: 50 apps, 10,000 releases, a million rows of their journals. */
export const sizes = { releases: 10_000, rowsOfEach: 100, checks: 40, auditLines: 50_000, people: 60 }

export const appNames: readonly AppName[] = Array.from({ length: 50 }, (_, index) => appNameSchema.parse(`app-${String(index).padStart(2, '0')}`))

/** One app is released far more often than the others. */
export const busiest = appNameSchema.parse('app-00')
const ofTheBusiest = 2_552

/** How many releases an app has; its newest is the live one. */
export function releasesOf(app: AppName): number {
  return app === busiest ? ofTheBusiest : (sizes.releases - ofTheBusiest) / (appNames.length - 1)
}

export function verificationsOf(app: AppName): number {
  return app === busiest ? 500 : 20
}

/** Three apps are one repository in three places: what is live in one of them can be promoted to the others. */
export function rootOf(app: AppName): string {
  return `/srv/shop-${Math.floor(appNames.indexOf(app) / 3)}`
}
