// A real registry behind the port of apply/.
import type { RegistryPort, SchemaText } from '../apply/ports.ts'
import type { RegistryClient } from '../registry/registry.ts'

function inRegistryWords({ text, references }: SchemaText): { schema: string; references: SchemaText['references'] } {
  return { schema: text, references }
}

/** The port through which plan and apply see a registry. */
export function registryPort(client: RegistryClient): RegistryPort {
  return {
    versions: async (subject) => (await client.versions(subject)) ?? [],
    async version(subject, version) {
      const found = await client.version(subject, version)
      return found && { version: found.version, text: found.schema, references: found.references }
    },
    lookup: async (subject, schema) => (await client.lookup(subject, inRegistryWords(schema)))?.version,
    level: (subject) => client.level(subject),
    globalLevel: () => client.globalLevel(),
    isReadOnly: async (subject) => (await client.mode(subject)).startsWith('READONLY'),
    check: async (subject, schema) =>
      (await client.check(subject, inRegistryWords(schema), 'all')) ?? { compatible: true, messages: [] },
    setLevel: (subject, level) => client.setLevel(subject, level),
    async register(subject, schema) {
      await client.register(subject, inRegistryWords(schema))
      const registered = await client.lookup(subject, inRegistryWords(schema))
      if (!registered) throw new Error(`subject "${subject}" does not have the schema that was registered just now`)
      return registered.version
    },
  }
}
