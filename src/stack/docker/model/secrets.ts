import type { StackSettings } from '../../../platform/platform.ts'
import type { SecretName } from './docker-stack.ts'

/** The passwords that a stack needs, those of its services' databases too. */
export function secretsOf({ services, databases }: StackSettings): SecretName[] {
  const of = (database: 'postgres' | 'mongodb', ...own: string[]): string[] =>
    services.includes(database) ? [...own, ...databases[database].map((service) => `${database}-${service}`)] : []
  return [...of('postgres', 'postgres'), ...of('mongodb', 'mongodb', 'mongodb-keyfile')]
}
