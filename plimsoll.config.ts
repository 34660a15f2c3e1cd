import { defineConfig } from './packages/testing/src/config.ts'

/** Plimsoll's own staging and production, both on one machine: each has a home, an edge and entries of its own. */
export default defineConfig({
  places: {
    staging: { driver: 'process', variables: { 'api/PLIMSOLL_HOME': '/srv/plimsoll-staging', 'api/PLIMSOLL_EDGE_PORT': '4280', 'api/PLIMSOLL_ENTRY_PORTS': '4300' } },
    production: { driver: 'process', variables: { 'api/PLIMSOLL_HOME': '/srv/plimsoll', 'api/PLIMSOLL_EDGE_PORT': '4180', 'api/PLIMSOLL_ENTRY_PORTS': '4200' } },
  },
})
