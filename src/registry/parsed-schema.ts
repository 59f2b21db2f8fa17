import { definedTypes } from '../avro/named-types.ts'
import { parseSchema } from '../avro/parse.ts'
import type { NamedSchema, Schema } from '../avro/schema.ts'
import type { RegistryClient, SchemaReference } from './registry.ts'

async function addReferenced(
  client: RegistryClient,
  references: readonly SchemaReference[],
  known: Map<string, NamedSchema>,
): Promise<void> {
  for (const { subject, version } of references) {
    const referenced = await client.version(subject, version)
    if (!referenced) continue
    await addReferenced(client, referenced.references, known)
    for (const [name, type] of definedTypes(parseSchema(referenced.schema, { known, lenient: true })))
      known.set(name, type)
  }
}

/** The tree of a registered schema, with everything that it refers to. */
export async function parseRegistered(
  client: RegistryClient,
  { schema, references }: { readonly schema: string; readonly references: readonly SchemaReference[] },
): Promise<Schema> {
  const known = new Map<string, NamedSchema>()
  await addReferenced(client, references, known)
  return parseSchema(schema, { known, lenient: true })
}

/** The tree of the schema with an id; undefined when the registry does not know the id, or it is not Avro. */
export async function parsedSchemaById(client: RegistryClient, id: number): Promise<Schema | undefined> {
  const found = await client.schema(id)
  return found && found.type === 'AVRO' ? parseRegistered(client, found) : undefined
}
