// The stack as a project of docker compose: https://github.com/compose-spec/compose-spec/blob/main/spec.md. It keeps to what
// docker-compose 1.29 takes as well, so the name of the project stands beside it: COMPOSE_PROJECT_NAME in .env.
import { posix, relative, sep } from 'node:path'
import { layoutOf } from '../../layout.ts'
import { secretFile } from '../../secrets.ts'
import type { ContainerServer, DockerStack } from './docker-stack.ts'
import { toReadFiles } from '../engine/container-options.ts'
import type { HealthCheck } from '../engine/engine.ts'
import { configHash, configLabel } from './labels.ts'
import { type Yaml, yamlText } from './yaml-text.ts'

export interface ComposePlace {
  /** of platform.yaml, absolute */
  readonly folder: string
  /** where the compose file is to lie, absolute: its paths are relative to it */
  readonly at: string
}

/** The compose file with what its reader has to know above it. */
export function composeText(stack: DockerStack, place: ComposePlace): string {
  const addresses = stack.servers.map(({ name, endpoint, inside }) => [name, endpoint, inside] as const)
  const width = (column: 0 | 1): number => Math.max(...addresses.map((row) => row[column].length))
  const lines = [
    `The stack of the platform "${stack.project}" for those who would rather use docker compose. Written by evplat.`,
    `The project is "${stack.project}" (COMPOSE_PROJECT_NAME, or \`-p\`): evplat and compose then see the same containers.`,
    'Addresses on this machine, and within the network:',
    ...addresses.map(([name, ...rest]) => `  ${name.padEnd(width(0))}  ${rest[0].padEnd(width(1))}  ${rest[1]}`),
  ]
  return `${lines.map((line) => `# ${line}\n`).join('')}${yamlText(composeFile(stack, place))}`
}

/** What the compose file says. */
export function composeFile({ servers }: DockerStack, place: ComposePlace): Readonly<Record<string, Yaml>> {
  const volumes = servers.flatMap((server) => server.volumes.map(({ name }) => name))
  const secrets = servers.flatMap((server) => server.secrets)
  const secretPath = (name: string): string => pathFrom(place.at, secretFile(layoutOf(place.folder), name))
  return {
    services: Object.fromEntries(servers.map((server) => [server.name, escaped(serviceOf(server, place))])),
    ...(volumes.length > 0 && { volumes: Object.fromEntries(volumes.map((name) => [name, null])) }),
    ...(secrets.length > 0 && {
      secrets: Object.fromEntries(secrets.map((name) => [name, escaped({ file: secretPath(name) })])),
    }),
  }
}

function serviceOf(server: ContainerServer, { at }: ComposePlace): Yaml {
  const { name, image, build, environment, command, dependsOn, aliases, secrets } = server
  return {
    image,
    build: build && {
      context: pathFrom(at, build.context),
      dockerfile: build.dockerfile,
      args: { ...build.arguments },
    },
    hostname: name,
    depends_on: some(Object.fromEntries(dependsOn.map((needed) => [needed, { condition: 'service_healthy' }]))),
    environment: some(environment),
    command: command && [...command],
    ports: server.ports.map(({ host, container }) => `127.0.0.1:${host}:${container}`),
    volumes: server.volumes.length > 0 ? server.volumes.map((volume) => `${volume.name}:${volume.target}`) : undefined,
    secrets: secrets.length > 0 ? [...secrets] : undefined,
    security_opt: secrets.length > 0 ? [...toReadFiles] : undefined,
    networks: aliases.length > 0 ? { default: { aliases: [...aliases] } } : undefined,
    healthcheck: healthOf(server.healthCheck),
    stop_grace_period: `${server.stopSeconds}s`,
    // one that ends because another is not as it needs it tries again: a broker whose predecessor ZooKeeper still believes alive
    restart: dependsOn.length > 0 ? 'on-failure' : undefined,
    labels: { [configLabel]: configHash(server) },
  }
}

const some = (map: Readonly<Record<string, Yaml>>): Yaml | undefined => (Object.keys(map).length > 0 ? map : undefined)

function healthOf({ test, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds }: HealthCheck): Yaml {
  return {
    test: [...test],
    interval: `${intervalSeconds}s`,
    timeout: `${timeoutSeconds}s`,
    retries,
    start_period: `${startPeriodSeconds}s`,
  }
}

/** Compose would put variables of its environment in the place of `$NAME`. */
function escaped(value: Yaml | undefined): Yaml {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$')
  if (Array.isArray(value)) return value.map((each: Yaml) => escaped(each))
  if (typeof value !== 'object' || value === null) return value ?? null
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, escaped(member)]))
}

/** As compose takes a path: with slashes, and with a dot in front, which tells it from a name. */
function pathFrom(at: string, path: string): string {
  const steps = relative(at, path).split(sep).join(posix.sep)
  return /^\.\.?(\/|$)/.test(steps) ? steps : `./${steps}`
}
