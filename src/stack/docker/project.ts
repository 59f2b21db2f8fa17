// The containers of a platform's project, whoever started them: evplat or docker compose.
import { sep } from 'node:path'
import { EvplatError } from '../../core/errors.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'
import { platformHash, platformLabel, projectLabels } from './model/labels.ts'

/** where compose writes down the folder that it was called for */
const workingFolderLabel = 'com.docker.compose.project.working_dir'

/** The containers of a project, stopped ones too. Throws `project-taken` where they are those of a platform in another folder. */
export async function containersOf(
  engine: Engine,
  { project, folder }: { readonly project: string; readonly folder: string },
): Promise<readonly ContainerSummary[]> {
  const containers = await engine.containers(projectLabels(project))
  const stranger = containers.find(({ labels }) => !isOf(labels, folder))
  if (!stranger) return containers
  const where = stranger.labels[workingFolderLabel]
  throw new EvplatError(
    'project-taken',
    `the engine has containers of another platform "${project}"${where === undefined ? '' : `, that of "${where}"`}`,
    { hint: 'stop that one with `evplat down` in its own folder, or give this platform another `name`' },
  )
}

/** Compose calls the folder of its file the project's, which may lie within that of the platform. */
function isOf(labels: ContainerSummary['labels'], folder: string): boolean {
  const owner = labels[platformLabel]
  if (owner !== undefined) return owner === platformHash(folder)
  const working = labels[workingFolderLabel]
  return working === undefined || working === folder || working.startsWith(`${folder}${sep}`)
}
