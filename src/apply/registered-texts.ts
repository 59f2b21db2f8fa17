import type { RegisteredTexts } from '../plan/judge-schema.ts'
import type { RegistryPort, SchemaText } from './ports.ts'

/** A registered version with what it refers to, innermost first. */
export async function registeredTexts(
  registry: RegistryPort,
  subject: string,
  version: number,
): Promise<RegisteredTexts> {
  const registered = await registry.version(subject, version)
  if (!registered) throw new Error(`version ${version} of subject "${subject}" was listed and is gone`)
  const texts: string[] = []
  const add = async (schema: SchemaText): Promise<void> => {
    for (const reference of schema.references) {
      const referenced = await registry.version(reference.subject, reference.version)
      if (referenced) await add(referenced)
    }
    if (!texts.includes(schema.text)) texts.push(schema.text)
  }
  await add(registered)
  return { version, texts }
}
