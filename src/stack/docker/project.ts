// What of a project of compose is of the platform here, whoever started it: evplat or docker compose.
import { access } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type ErrorParts, EvplatError } from '../../core/errors.ts'
import { isServerName } from '../desired/servers.ts'
import type { ContainerSummary, Engine, Named } from './engine/engine.ts'
import { configLabel, isDataVolume, platformHash, platformLabel, projectLabels, workingFolder } from './model/labels.ts'

export interface ProjectPlace {
  /** the name of the platform */
  readonly project: string
  /** of platform.yaml, absolute */
  readonly folder: string
  /** a stack of this project was started from this folder, whatever the folder was called then */
  readonly hasRun: boolean
}

type Labels = Readonly<Record<string, string>>

/**
 * The containers of a stack, stopped ones too. What somebody's own compose file runs under the same name is passed over. Throws
 * `project-taken` where they are those of a platform in another folder, or a server is not of evplat.
 */
export async function containersOf(
  engine: Engine,
  { project, folder }: Pick<ProjectPlace, 'project' | 'folder'>,
): Promise<readonly ContainerSummary[]> {
  const all = await engine.containers(projectLabels(project))
  const containers = all.filter(({ labels }) => configLabel in labels)
  const stranger = containers.find(({ labels }) => !isOf(labels, folder))
  if (stranger)
    throw taken(`the engine has containers of another platform "${project}"`, workingFolder(stranger.labels), {
      hint: 'stop that one with `evplat down` in its own folder, or give this platform another `name`',
    })
  const likeOurs = all.find(({ labels, server }) => !(configLabel in labels) && isServerName(server))
  if (!likeOurs) return containers
  const fact = `the project "${project}" of compose has a container of "${likeOurs.server}" that is not of evplat`
  throw taken(fact, workingFolder(likeOurs.labels), {
    hint: `remove it, if it is not needed, by \`docker rm -f ${likeOurs.name}\`; or give this platform another \`name\``,
  })
}

/** Compose calls the folder of its file the project's, which may lie within that of the platform. */
function isOf(labels: Labels, folder: string): boolean {
  const owner = labels[platformLabel]
  if (owner !== undefined) return owner === platformHash(folder)
  const working = workingFolder(labels)
  return working === undefined || working === folder || working.startsWith(`${folder}${sep}`)
}

/** The volumes with the data of the platform here; neither those that somebody's own compose file keeps, nor those of another folder. */
export async function dataVolumesOf(engine: Engine, place: ProjectPlace): Promise<readonly Named[]> {
  const volumes = (await engine.volumes(projectLabels(place.project))).filter(isDataVolume)
  const own = await Promise.all(volumes.map((volume) => isOwn(volume, place)))
  return volumes.filter((_, i) => own[i])
}

/** Throws `project-taken` for a volume with the data of a platform in another folder. */
export async function requireOwnVolume(volume: Named, place: ProjectPlace): Promise<void> {
  if (await isOwn(volume, place)) return
  const fact = `volume "${volume.name}" has the data of another platform "${place.project}"`
  throw taken(fact, workingFolder(volume.labels), {
    hint: 'give this platform another `name`; or delete that data with `evplat down --volumes` in its own folder',
  })
}

/** Compose does not write down whose volumes are. A folder that is not there any more was this one, if this one knows of the stack. */
async function isOwn({ labels }: Named, { folder, hasRun }: ProjectPlace): Promise<boolean> {
  const owner = workingFolder(labels)
  return owner === undefined || owner === folder || (hasRun && !(await hasPlatform(owner)))
}

const hasPlatform = (folder: string): Promise<boolean> =>
  access(join(folder, 'platform.yaml')).then(
    () => true,
    () => false,
  )

function taken(fact: string, folder: string | undefined, parts: ErrorParts): EvplatError {
  return new EvplatError('project-taken', folder === undefined ? fact : `${fact}, that of "${folder}"`, parts)
}
