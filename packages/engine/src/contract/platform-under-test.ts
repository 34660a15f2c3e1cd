import type { AppName, ServiceName } from '@plimsoll/model'
import type { DeploySource, Platform, WantedThere } from '../in-place/platform.ts'

/** A platform with two services that a Blueprint wants: `web`, which is told the host of `api`, and `api`. */
export interface PlatformUnderTest {
  readonly platform: Platform
  readonly app: AppName
  readonly web: ServiceName
  readonly api: ServiceName
  /** Another object that looks at the same place. */
  another(): Platform
  /** What is wanted with COLOUR of `web` being `colour`. */
  wanted(colour: string): WantedThere
  /** Something to deploy, another one for each `which`. */
  source(which: 1 | 2): DeploySource
  /** What becomes of the next deploy that is asked for of a service. It goes live unless told. */
  fate(service: ServiceName, fate: 'build fails' | 'never healthy'): void
  /** Somebody else deploys it, which goes live. */
  deployByHand(service: ServiceName): Promise<void>
  /** The service's own variables as they are there. */
  variables(service: ServiceName): Promise<Readonly<Record<string, string>>>
  /** Somebody else sets one. */
  setByHand(service: ServiceName, key: string, value: string): Promise<void>
  /** An instance of the service prints a line, now. */
  print(service: ServiceName, text: string): Promise<void>
  dispose(): Promise<void>
}
