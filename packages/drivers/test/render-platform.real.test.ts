import { describePlatform } from '@plimsoll/engine/contract'
import { renderUnderTest } from './render-platform-under-test.ts'

describePlatform('Render', () => renderUnderTest())
describePlatform('Render, where a deploy ends the one before it', () => renderUnderTest({ overlap: 'override' }))
