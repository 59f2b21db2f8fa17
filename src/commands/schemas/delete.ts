import { counted } from '../../core/counted.ts'
import { EvplatError, messageOf } from '../../core/errors.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import { withRegistry } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import { confirmDeletion, type Deletion, deletionOutcome, refuseByPolicy } from '../deletion.ts'
import type { TargetInput } from '../addresses.ts'
import { registryTarget } from '../target.ts'
import { missingSubject } from './missing-subject.ts'

interface DeleteInput extends TargetInput {
  readonly words: readonly string[]
  readonly permanent: boolean
  readonly yes: boolean
}

/** Hides a subject; permanently means hidden first and then removed, as the registry wants it. */
async function deleteSubject(registry: RegistryClient, name: string, permanent: boolean): Promise<Deletion> {
  try {
    await registry.deleteSubject(name, 'soft')
    if (permanent) await registry.deleteSubject(name, 'permanent')
    return { name }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError) || thrown.code !== 'registry-refused') throw thrown
    return { name, error: { code: thrown.code, message: thrown.parts.said ?? messageOf(thrown) } }
  }
}

/** Deletes subjects by name, after showing their versions and asking for the name. */
export async function run(input: DeleteInput, context: Context): Promise<Outcome> {
  const names = [...new Set(input.words)]
  const to = await registryTarget(input, context)
  refuseByPolicy(to.platform)
  return withRegistry(to, context, async (registry) => {
    const previews: string[] = []
    for (const name of names) {
      const versions = await registry.versions(name)
      if (!versions && !(input.permanent && (await registry.subjects({ deleted: true })).includes(name)))
        throw await missingSubject(registry, name)
      previews.push(
        `subject ${name}: ${versions ? counted(versions.length, 'version') : 'deleted before'}${input.permanent ? ', removed for good' : ' (ids stay readable)'}`,
      )
    }
    await confirmDeletion(names, previews, input.yes, context)
    const deletions: Deletion[] = []
    for (const name of names) deletions.push(await deleteSubject(registry, name, input.permanent))
    return deletionOutcome('subject', deletions)
  })
}
