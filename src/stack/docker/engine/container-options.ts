// A container as the engine is asked for it (Docker Engine API, ContainerCreate).
import type Docker from 'dockerode'
import type { ContainerSpec, HealthCheck } from './engine.ts'

const host = '127.0.0.1'
const nanoseconds = 1e9

/**
 * What a container needs that reads files of this machine: SELinux, where there is one, keeps them from containers, and to give them
 * its other label would change them.
 */
export const toReadFiles = ['label=disable'] as const

/** A spec in the engine's words. Ports stand there twice: an engine publishes those that are exposed and bound. */
export function createOptions(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const portKey = (port: number): string => `${port}/tcp`
  return {
    name: spec.name,
    Image: spec.image,
    Hostname: spec.hostname,
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    ...(spec.command && { Cmd: [...spec.command] }),
    Labels: { ...spec.labels },
    ExposedPorts: Object.fromEntries(spec.ports.map(({ container }) => [portKey(container), {}])),
    ...(spec.healthCheck && { Healthcheck: healthOptions(spec.healthCheck) }),
    StopTimeout: spec.stopSeconds,
    HostConfig: {
      NetworkMode: spec.network,
      PortBindings: Object.fromEntries(
        spec.ports.map((port) => [portKey(port.container), [{ HostIp: host, HostPort: String(port.host) }]]),
      ),
      Mounts: [
        ...spec.volumes.map(({ volume, target }) => ({ Type: 'volume' as const, Source: volume, Target: target })),
        ...spec.files.map(({ source, target }) => ({
          Type: 'bind' as const,
          Source: source,
          Target: target,
          ReadOnly: true,
        })),
      ],
      ...(spec.files.length > 0 && { SecurityOpt: [...toReadFiles] }),
    },
    NetworkingConfig: { EndpointsConfig: { [spec.network]: { Aliases: [...spec.aliases] } } },
  }
}

function healthOptions(check: HealthCheck): Docker.HealthConfig {
  return {
    Test: [...check.test],
    Interval: check.intervalSeconds * nanoseconds,
    Timeout: check.timeoutSeconds * nanoseconds,
    Retries: check.retries,
    StartPeriod: check.startPeriodSeconds * nanoseconds,
  }
}
