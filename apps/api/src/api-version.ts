import manifest from '../package.json' with { type: 'json' }

/** The version of the API that is installed here; one that runs may be another. */
export const apiVersion: string = manifest.version
