// What probes and clients ask of the registry itself.
import { version } from '../../core/version.ts'
import type { Route } from '../http/routes.ts'

/** Routes that tell which Kafka cluster the registry belongs to, by its id. */
export function aboutRoutes(clusterId: string): readonly Route[] {
  const clusters = { 'kafka-cluster': clusterId, 'schema-registry-cluster': 'schema-registry' }
  return [
    { method: 'GET', path: '/', handle: () => ({ json: {} }) },
    { method: 'GET', path: '/contexts', handle: () => ({ json: ['.'] }) },
    { method: 'GET', path: '/v1/metadata/id', handle: () => ({ json: { id: '', scope: { path: [], clusters } } }) },
    {
      method: 'GET',
      path: '/v1/metadata/version',
      handle: () => ({ json: { version: `evplat-${version}`, commitId: '' } }),
    },
  ]
}
