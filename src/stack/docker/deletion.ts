// The deletion of a stack's data. Volumes go one by one, and a part of them could be taken for all: topics without their records, or a
// broker that ZooKeeper has forgotten. So it is noted until it is over, and `up` brings one to its end that was killed.
import { access, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onFile } from '../../core/file-error.ts'
import { type Layout, makeFolders } from '../layout.ts'
import { deleteData } from '../processes/down.ts'
import type { ContainerSummary, Engine, Named } from './engine/engine.ts'
import { type ProjectPlace, dataVolumesOf } from './project.ts'

/** Empty, so that it needs no room on a disk that is full. */
const noteOf = ({ root }: Layout): string => join(root, 'deleting')

/** Deletes volumes, and what else `.evplat/` has of the stack. What has gone already is passed over. */
export async function deleteAll(engine: Engine, layout: Layout, volumes: readonly Named[]): Promise<void> {
  const note = noteOf(layout)
  await onFile(note, () => writeFile(note, ''))
  for (const { name } of volumes) await engine.removeVolume(name)
  await deleteData(layout)
  await rm(note, { force: true })
}

/** Whether a deletion was to be brought to its end, and was. Where something was made since, what is left belongs to that. */
export async function completeDeletion(
  engine: Engine,
  layout: Layout,
  { place, containers }: { readonly place: ProjectPlace; readonly containers: readonly ContainerSummary[] },
): Promise<boolean> {
  if (!(await isNoted(layout))) return false
  if (containers.length > 0) {
    await rm(noteOf(layout), { force: true })
    return false
  }
  await deleteAll(engine, layout, await dataVolumesOf(engine, place))
  await makeFolders(layout)
  return true
}

const isNoted = (layout: Layout): Promise<boolean> =>
  access(noteOf(layout)).then(
    () => true,
    () => false,
  )
