// Which passwords a stack has. The files are made by src/stack/secrets.ts.
import type { StackSettings } from '../../../platform/platform.ts'
import type { SecretName } from '../../secrets.ts'

/** The secrets of the databases of a stack: of each the administrator's and one for each service that has a database there. */
export function secretsOf({
  services,
  databases,
}: Pick<StackSettings, 'services' | 'databases'>): readonly SecretName[] {
  const ofServices = (database: 'postgres' | 'mongodb'): SecretName[] =>
    databases[database].map((service) => `${database}-${service}`)
  return [
    ...(services.includes('postgres') ? ['postgres', ...ofServices('postgres')] : []),
    ...(services.includes('mongodb') ? ['mongodb', 'mongodb-keyfile', ...ofServices('mongodb')] : []),
  ]
}

/** Where a secret is mounted in a container, as compose mounts it. */
export function secretPath(name: SecretName): string {
  return `/run/secrets/${name}`
}
