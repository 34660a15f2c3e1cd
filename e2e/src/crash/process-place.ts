import { endAllLeft } from '../leaks/end-all-left.ts'
import { processesOf } from './home-processes.ts'
import { shapeOf } from './home-shape.ts'
import type { WorldPlace } from './world-place.ts'

/** Processes of this machine. */
export const processPlace: WorldPlace = {
  name: 'process',
  host: '127.0.0.1',
  environment: {},
  program: ({ check, command }) => `    runtime: node
    buildCommand: ${check}
    startCommand: ${command}
`,
  hasSites: true,
  files: {},
  standing: [],
  pace: 1,
  running: processesOf,
  shape: shapeOf,
  left: async () => [],
  machine: {
    async reboot(home) {
      await endAllLeft(home)
    },
  },
}
