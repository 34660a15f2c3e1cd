import { bootFaults } from './boot-faults.ts'
import { databaseFaults } from './database-faults.ts'
import { environmentFaults } from './environment-faults.ts'
import type { Fault } from './fault.ts'
import { requestFaults } from './request-faults.ts'
import { shutdownAndLoadFaults } from './shutdown-and-load-faults.ts'
import { webFaults } from './web-faults.ts'

/** Every fault, each by its behaviour and by nothing else: what is patched looks like what people write. */
export const faults: readonly Fault[] = [...bootFaults, ...environmentFaults, ...webFaults, ...databaseFaults, ...requestFaults, ...shutdownAndLoadFaults]
