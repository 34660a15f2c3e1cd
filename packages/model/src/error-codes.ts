/**
 * Every failure that a person can act on, with its HTTP status and its exit
 * status. A code without a section in docs/errors.md fails a test, and so does
 * a section without a code.
 */
export const errorCodes = {
  // The question was not understood.
  USAGE: { status: 400, exit: 2 },
  NOT_FOUND: { status: 404, exit: 2 },
  UNAUTHORIZED: { status: 401, exit: 2 },
  FORBIDDEN: { status: 403, exit: 2 },
  TOO_MANY_ATTEMPTS: { status: 429, exit: 2 },
  CHANGED_MEANWHILE: { status: 412, exit: 2 },
  KEY_REUSED: { status: 422, exit: 2 },
  CONFIG_INVALID: { status: 422, exit: 2 },

  // The repository or its Blueprint.
  NO_BLUEPRINT: { status: 422, exit: 10 },
  BLUEPRINT_INVALID: { status: 422, exit: 11 },
  SOURCE_UNREADABLE: { status: 422, exit: 12 },
  VALUE_MISSING: { status: 422, exit: 13 },
  PLACE_CANNOT: { status: 422, exit: 14 },

  // A release that went back, or never began.
  RELEASE_LOCKED: { status: 409, exit: 21 },
  PIPELINE_CHANGED: { status: 409, exit: 22 },
  NOTHING_TO_ROLL_BACK: { status: 409, exit: 23 },
  INTERRUPTED: { status: 409, exit: 130 },
  FENCED_OFF: { status: 409, exit: 24 },
  CUT_OFF: { status: 409, exit: 25 },
  STILL_BUSY: { status: 409, exit: 26 },
  BUILD_FAILED: { status: 422, exit: 30 },
  ARTIFACT_BROKEN: { status: 422, exit: 31 },
  MIGRATION_FAILED: { status: 422, exit: 32 },
  CANDIDATE_EXITED: { status: 422, exit: 33 },
  CANDIDATE_UNHEALTHY: { status: 422, exit: 34 },
  CANDIDATE_UNREACHABLE: { status: 422, exit: 35 },
  CHECKS_FAILED: { status: 422, exit: 36 },
  CANARY_BREACHED: { status: 409, exit: 37 },
  UNPROVEN: { status: 422, exit: 27 },
  NOT_PROMOTABLE: { status: 409, exit: 28 },
  PREVIEW_REFUSED: { status: 409, exit: 29 },
  NOT_CLONABLE: { status: 422, exit: 20 },
  IMAGE_MISSING: { status: 422, exit: 38 },
  IMAGE_MOVED: { status: 409, exit: 39 },

  // A release that was live, and did not do well.
  ROLLED_BACK: { status: 409, exit: 50 },
  NEEDS_ATTENTION: { status: 409, exit: 51 },

  // The machine.
  PORT_TAKEN: { status: 409, exit: 40 },
  DISK_FULL: { status: 507, exit: 41 },
  TOOL_MISSING: { status: 422, exit: 42 },
  DATABASE_DOWN: { status: 503, exit: 43 },
  EDGE_DOWN: { status: 503, exit: 44 },
  API_UNREACHABLE: { status: 503, exit: 45 },
  OFFLINE: { status: 503, exit: 46 },
  STATE_TAKEN: { status: 409, exit: 47 },
  API_DIFFERS: { status: 502, exit: 48 },
  PLACE_SILENT: { status: 503, exit: 49 },
  SECRETS_LOCKED: { status: 409, exit: 52 },
  SECRET_ALTERED: { status: 409, exit: 53 },
  ENGINE_DOWN: { status: 503, exit: 49 },
  ENGINE_TOO_OLD: { status: 503, exit: 49 },
  ENGINE_REFUSED: { status: 502, exit: 49 },
  PROVIDER_DOWN: { status: 503, exit: 49 },

  // A registry of images.
  REGISTRY_DOWN: { status: 503, exit: 60 },
  REGISTRY_REFUSED: { status: 502, exit: 61 },

  // Render.
  RENDER_DOWN: { status: 503, exit: 62 },
  RENDER_REFUSED: { status: 502, exit: 63 },

  // Ours.
  BUG: { status: 500, exit: 70 },
} as const satisfies Record<string, { status: number; exit: number }>

export type ErrorCode = keyof typeof errorCodes
