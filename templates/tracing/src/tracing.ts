// Spans of this service, sent by OTLP over HTTP. The variables of OpenTelemetry say where to and how many: OTEL_EXPORTER_OTLP_ENDPOINT
// (http://localhost:4318 without it), OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES; OTEL_SDK_DISABLED=true: none at all.
import { setTimeout } from 'node:timers/promises'
import type { Log, ServiceDefinition, Topics } from '@evplat/service'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { service as declared } from './generated/topics.ts'

const provider = new NodeTracerProvider({
  resource: defaultResource()
    .merge(resourceFromAttributes({ 'service.name': declared.name }))
    .merge(detectResources({ detectors: [envDetector] })),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
})
if (process.env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true') provider.register()

/** The service with its spans: what becomes of them is logged, and the last ones are sent before it ends. */
export function traced<T extends Topics, Config>(service: ServiceDefinition<T, Config>): ServiceDefinition<T, Config> {
  return {
    ...service,
    onStart: async (context) => {
      logFailures(context.log)
      await service.onStart?.(context)
    },
    onStop: async (context) => {
      try {
        await service.onStop?.(context)
      } finally {
        await endSpans(context.log)
      }
    },
  }
}

function logFailures(log: Log): void {
  const nothing = (): void => {}
  const warn = (message: string): void => log.warn({ message }, 'spans are not sent as they should be')
  diag.setLogger({ error: warn, warn, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN)
}

/** Where nobody takes spans, that must not keep the service from ending. */
async function endSpans(log: Log): Promise<void> {
  const sent = provider.shutdown().then(
    () => true,
    () => false,
  )
  const isSent = await Promise.race([sent, setTimeout(3000, false)])
  if (!isSent) log.warn({}, 'the last spans were not sent')
}
