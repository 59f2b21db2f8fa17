import manifest from '../../package.json' with { type: 'json' }

/** The version of this evplat. */
export const version: string = manifest.version
