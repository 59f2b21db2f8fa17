// Whether a broker answers: asked by health checks, over a connection of its own, so that fetches and writes don't stand before it.
import type { ClusterSettings } from '../../core/connection-settings.ts'
import { Cluster } from '../../kafka/cluster.ts'

export interface BrokerProbe {
  /** The id of the cluster and how many brokers it has. Throws what the cluster throws. */
  ask(): Promise<Readonly<Record<string, unknown>>>
  close(): void
}

/** Connects when it is first asked, and anew after each failure. A question takes `timeoutMs` at most, for each of its two steps. */
export function brokerProbe(settings: ClusterSettings, clientId: string, timeoutMs: number): BrokerProbe {
  let cluster: Promise<Cluster> | undefined
  const forget = (): void => {
    cluster?.then(
      (open) => open.close(),
      () => undefined,
    )
    cluster = undefined
  }
  return {
    async ask() {
      cluster ??= Cluster.connect(settings, { clientId, connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs })
      try {
        const { clusterId, brokers } = await (await cluster).metadata([])
        return { clusterId, brokers: brokers.length }
      } catch (thrown) {
        forget()
        throw thrown
      }
    },
    close: forget,
  }
}
