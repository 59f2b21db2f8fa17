// Generated files of services that are not as `evplat types` writes them.
import type { Finding, Place } from '../core/finding.ts'

export interface GeneratedState {
  readonly service: { readonly name: string; readonly at: Place }
  readonly path: string
  readonly current: boolean
}

/** A finding for each file that differs or is missing, at the service in platform.yaml. */
export function generatedFindings(files: readonly GeneratedState[]): Finding[] {
  return files
    .filter((file) => !file.current)
    .map(({ service, path }) => ({
      severity: 'error',
      code: 'generated-drift',
      message: `"${path}" of service "${service.name}" is not what platform.yaml and its schemas give`,
      at: service.at,
      remedy: '`evplat types` writes it',
    }))
}
