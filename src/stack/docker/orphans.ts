// Containers of a project that platform.yaml does not name any more.
import type { ContainerSummary, Engine } from './engine/engine.ts'

export interface OrphanOptions {
  readonly removeOrphans: boolean
  readonly say: (message: string) => void
}

/** how long one may take to end in peace: what it was told itself is not known any more */
const stopSeconds = 30

/** Tells of them, or removes them where that is asked for; their volumes stay. */
export async function removeOrphans(
  engine: Engine,
  orphans: readonly ContainerSummary[],
  { removeOrphans: isAsked, say }: OrphanOptions,
): Promise<void> {
  if (orphans.length === 0) return
  const names = orphans.map(({ server }) => server).join(', ')
  if (!isAsked) {
    say(`not in platform.yaml any more: ${names}; \`evplat up --remove-orphans\` removes their containers`)
    return
  }
  await Promise.all(
    orphans.map(async ({ id }) => {
      await engine.stop(id, stopSeconds)
      await engine.remove(id)
    }),
  )
  say(`removed ${names}`)
}
