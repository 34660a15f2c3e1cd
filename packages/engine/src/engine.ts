/** Decides the changes, holds the pipelines, runs steps against a journal, and declares the interfaces it needs. */
export type { BuildRequest, Capabilities, Driver, DriverName, ExecRequest, ExecResult, LogRequest, RunnableUnit, StopReport } from './driver.ts'
export type { Counters, DrainReport, DrainRequest, Edge, PublishRequest, UnitCounters } from './edge.ts'
export type { Journal } from './journal.ts'
export type { Lease, Leases } from './lease.ts'
export type { Clock } from './clock.ts'
export type { Candidate, CandidateUnit, Check } from './check.ts'
export type { ResourceAddresses, Resources, WantedResources } from './resources.ts'
