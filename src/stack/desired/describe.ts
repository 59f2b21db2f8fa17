// The stack that is wanted, by the runtime that it runs on.
import type { StackSettings } from '../../platform/platform.ts'
import type { RuntimeName } from '../runtime.ts'
import { describeEmbedded, embeddedKafka } from './embedded.ts'
import { releaseFor } from './releases.ts'
import { type DesiredStack, type NativeInputs, describeNative } from './servers.ts'

/** The settings as a runtime takes them: the exact names of versions, and what it can't do otherwise. Throws `not-in-this-version`. */
export function settingsFor(runtime: RuntimeName, settings: StackSettings): StackSettings {
  if (runtime === 'embedded') return { ...settings, kafka: embeddedKafka }
  return { ...settings, kafka: { ...settings.kafka, version: releaseFor(settings).version } }
}

/** The servers of a stack on the given ports, for settings as the runtime takes them. */
export function describeStack(runtime: RuntimeName, inputs: Omit<NativeInputs, 'release'>): DesiredStack {
  if (runtime === 'embedded') return describeEmbedded(inputs)
  return describeNative({ ...inputs, release: releaseFor(inputs.settings) })
}
