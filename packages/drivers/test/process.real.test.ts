import { describeDriver } from '@plimsoll/engine/contract'
import { makeProcessUnderTest } from './process-under-test.ts'

describeDriver('process', makeProcessUnderTest)
