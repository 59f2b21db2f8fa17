// Where an engine may be, in the order in which it is looked for. What a user has chosen is the only candidate: containers that
// were started on another engine than the one that his `docker ps` shows would be found by nobody.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type EngineAddress, type TlsFiles, addressText, parseAddress, systemSocket } from './address.ts'
import { type DockerContext, currentContext, dockerFolder, tlsFiles } from './docker-context.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface Candidate {
  /** who named it: `DOCKER_HOST`, `docker context "colima"`, `Docker`, `Podman` */
  readonly source: string
  /** for people: `unix:///var/run/docker.sock` */
  readonly title: string
  /** undefined where evplat can't speak to it, for the reason in `problem` */
  readonly address?: EngineAddress
  readonly problem?: string
}

/** What is asked of the machine before the candidates are known. */
export interface Surroundings {
  readonly env: Env
  readonly home: string
  /** undefined for the default one */
  readonly context: DockerContext | undefined
  /** the certificates for DOCKER_HOST, where DOCKER_TLS_VERIFY asks for them */
  readonly tls: TlsFiles | undefined
}

/** Every place where an engine may be. */
export function candidatesIn({ env, home, context, tls }: Surroundings): readonly Candidate[] {
  const host = env['DOCKER_HOST']
  if (host !== undefined && host !== '') return [candidate('DOCKER_HOST', host, tls)]
  if (context) {
    const source = `docker context "${context.name}"`
    return [
      context.host === undefined
        ? { source, title: source, problem: 'there is no such context' }
        : candidate(source, context.host, context.tls),
    ]
  }
  const runtime = env['XDG_RUNTIME_DIR']
  const ofUser = (...path: readonly string[]): readonly string[] =>
    runtime === undefined || runtime === '' ? [] : [join(runtime, ...path)]
  const sockets: readonly (readonly [source: string, paths: readonly string[]])[] = [
    ['Docker', [systemSocket]],
    ['Docker Desktop', ['run', 'desktop'].map((folder) => join(home, '.docker', folder, 'docker.sock'))],
    ['rootless Docker', ofUser('docker.sock')],
    ['rootless Podman', ofUser('podman', 'podman.sock')],
    ['Podman', ['/run/podman/podman.sock']],
    ['Podman machine', [join(home, '.local/share/containers/podman/machine/podman.sock')]],
    ['Colima', [join(home, '.colima', 'default', 'docker.sock')]],
    ['Rancher Desktop', [join(home, '.rd', 'docker.sock')]],
  ]
  return sockets.flatMap(([source, paths]) => paths.map((path) => candidate(source, `unix://${path}`)))
}

function candidate(source: string, text: string, tls?: TlsFiles): Candidate {
  const address = parseAddress(text, tls)
  return 'problem' in address
    ? { source, title: text, problem: address.problem }
    : { source, title: addressText(address), address }
}

/** The candidates of this machine. */
export async function findCandidates(env: Env, home: string = homedir()): Promise<readonly Candidate[]> {
  const folder = dockerFolder(env, home)
  const { DOCKER_TLS_VERIFY: verify = '', DOCKER_CERT_PATH: certificates = '' } = env
  const tls =
    verify === ''
      ? undefined
      : ((await tlsFiles(certificates === '' ? folder : certificates, true)) ?? { verify: true })
  return candidatesIn({ env, home, context: await currentContext(env, folder), tls })
}
