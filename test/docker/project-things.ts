// What an engine has, by the words of its own command line.
import type { Docker } from './lab/client.ts'

/** Names of what there is. */
export type Things = Record<'containers' | 'networks' | 'volumes', string[]>

const ofProject = (project: string): string[] => ['--filter', `label=com.docker.compose.project=${project}`]

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const list = async (docker: Docker, ...args: readonly string[]): Promise<string[]> =>
  linesOf(await docker(args)).toSorted()

/** id of each container of a project, by its server; the stopped ones, too */
export async function containersOf(docker: Docker, project: string): Promise<Record<string, string>> {
  const format = '{{.Label "com.docker.compose.service"}} {{.ID}}'
  const lines = await list(docker, 'ps', '--all', '--no-trunc', '--format', format, ...ofProject(project))
  return Object.fromEntries(lines.map((line) => line.split(' ') as [server: string, id: string]))
}

/** Containers, networks and volumes of a project. */
export function thingsOf(docker: Docker, project: string): Promise<Things> {
  return things(docker, ofProject(project), ofProject(project))
}

/** Those of everybody, but for the networks that each engine has. */
export function allThings(docker: Docker): Promise<Things> {
  return things(docker, [], ['--filter', 'type=custom'])
}

async function things(docker: Docker, filter: readonly string[], ofNetworks: readonly string[]): Promise<Things> {
  return {
    containers: await list(docker, 'ps', '--all', '--format', '{{.Names}}', ...filter),
    networks: await list(docker, 'network', 'ls', '--format', '{{.Name}}', ...ofNetworks),
    volumes: await list(docker, 'volume', 'ls', '--format', '{{.Name}}', ...filter),
  }
}
