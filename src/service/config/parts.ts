// Values -> the parts of the settings that ask nobody else.
import type { Limits } from '../listeners/words.ts'
import type { LogLevel, ServiceSettings } from './settings.ts'
import type { Bound } from './values.ts'

export function serverOf({ values }: Bound): ServiceSettings['server'] {
  return {
    address: values['server.address'],
    port: values['server.port'],
    maxBodyBytes: values['server.maxBodySize'],
    graceMs: values['server.grace'],
    shutdownMs: values['server.shutdown'],
  }
}

/** A port of the actuator that is the server's is none of its own. */
export function managementOf({ values }: Bound): ServiceSettings['management'] {
  const port = values['management.server.port']
  const exclude = values['management.endpoints.web.exposure.exclude']
  const maxLag = values['management.health.maxLag']
  return {
    address: values['management.server.address'] ?? values['server.address'],
    port: port === values['server.port'] && port !== 0 ? undefined : port,
    exposure: { include: values['management.endpoints.web.exposure.include'], ...(exclude && { exclude }) },
    showDetails: values['management.endpoint.health.showDetails'],
    bounds: {
      joiningMs: values['management.health.joining'],
      stuckMs: values['management.health.stuck'],
      stalledMs: values['management.health.stalled'],
      ...(maxLag !== undefined && { maxLag }),
    },
    maxEventLoopDelayMs: values['management.health.maxEventLoopDelay'],
  }
}

export function producerOf({ values, below }: Bound): ServiceSettings['producer'] {
  return {
    deliveryMs: values['producer.delivery'],
    maxPendingBytes: values['producer.maxPending'],
    keyFields: below('producer.keys') as Readonly<Record<string, string>>,
  }
}

export function limitsOf({ values }: Bound): Limits {
  return {
    waitingRecords: values['listener.waitingRecords'],
    waitingBytes: values['listener.waitingSize'],
    gap: values['listener.gap'],
    commitMs: values['listener.commitInterval'],
    commitCount: values['listener.commitRecords'],
    drainMs: values['listener.drain'],
    abortMs: values['listener.abort'],
    stalledMs: values['listener.stalled'],
    sessionMs: values['listener.session'],
    rebalanceMs: values['listener.rebalance'],
  }
}

export const logLevelsOf = ({ below }: Bound): Readonly<Record<string, LogLevel>> =>
  below('logging.level') as Readonly<Record<string, LogLevel>>
