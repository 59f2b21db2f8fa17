// All routes of the API: one file per resource.
import type { Route } from '../http/routes.ts'
import { aboutRoutes } from './about.ts'
import { compatibilityRoutes } from './compatibility.ts'
import { configRoutes } from './config.ts'
import { modeRoutes } from './mode.ts'
import { schemaRoutes } from './schemas.ts'
import { subjectRoutes } from './subjects.ts'
import { versionRoutes } from './versions.ts'

/** Every route, for a registry that belongs to the Kafka cluster of the id. */
export function apiRoutes(clusterId: string): Route[] {
  return [
    ...subjectRoutes,
    ...versionRoutes,
    ...schemaRoutes,
    ...compatibilityRoutes,
    ...configRoutes,
    ...modeRoutes,
    ...aboutRoutes(clusterId),
  ]
}
