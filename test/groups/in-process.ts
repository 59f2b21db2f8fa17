// The stage on a broker within the test, whose time passes only when a scene says so.
import type { RunningBroker } from '../../src/broker/start.ts'
import { apiVersions } from '../../src/protocol/messages/api-versions.ts'
import { openWire } from '../differential/wire.ts'
import { memoryBroker } from '../support/memory-broker.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { type Stage, play } from './stage.ts'

/** All is one process: three round trips later everything that was sent before them has been read, and answered if it does not wait. */
export async function arrived(port: number): Promise<void> {
  const probe = await openWire('127.0.0.1', port, 'probe')
  for (let i = 0; i < 3; i++) await probe.send(apiVersions, 0, {})
  probe.close()
}

/** Plays a scene on a broker of its own with the topic `t` of three partitions. */
export async function onStage(act: (stage: Stage, broker: RunningBroker) => Promise<void>): Promise<void> {
  const clock = new VirtualClock()
  const broker = await memoryBroker({ clock })
  const { port } = broker
  const scene = async (stage: Stage): Promise<void> => {
    await stage.createTopic('t', 3)
    await act(stage, broker)
  }
  await play(
    { play: scene },
    {
      port,
      pass: (ms) => Promise.resolve(clock.advance(ms)),
      restart: () => Promise.reject(new Error('the broker is not restarted here')),
      arrive: () => arrived(port),
    },
  )
}
