// Judge of the metrics: the parser of Prometheus's own client for Python.
import { expect, test } from 'vitest'
import { serveActuator } from '../service/actuator-server.ts'
import { findPython } from '../support/python.ts'

const python = findPython()
const title = "prometheus_client's parser reads the metrics of a service"

if ('missing' in python) test.skip(`${title} (skipped: ${python.missing})`)
else
  test(title, async () => {
    const { address, metrics } = await serveActuator({ exposure: { include: ['prometheus'] } })
    metrics.handled('order-placed', 'ok', 0.004)
    metrics.retried('order-placed')
    metrics.answered('GET', '/strange"\\\n', 404, 0.01)
    const printed = await python.value('prometheus_text.py', `${address}/actuator/prometheus`)
    expect(JSON.parse(printed)).toMatchObject({
      evplat_listener_seconds: ['histogram', 19],
      evplat_listener_retries: ['counter', 1],
      evplat_listener_dead_letters: ['counter', 0],
      evplat_listener_lag: ['gauge', 0],
      evplat_producer_pending_bytes: ['gauge', 1],
      evplat_http_request_seconds: ['histogram', 19],
      evplat_event_loop_delay_seconds: ['gauge', 3],
    })
  })
