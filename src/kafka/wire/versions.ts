// Which version of each API both sides know (KIP-35, KIP-511).
import { EvplatError } from '../../core/errors.ts'
import type { Api, ResponseOf } from '../../protocol/api.ts'
import { errorName } from '../../protocol/error-table.ts'
import type { apiVersions } from '../../protocol/messages/api-versions.ts'

export type VersionRanges = ReadonlyMap<number, { readonly min: number; readonly max: number }>

/** Asks for the broker's ranges. Version 3 is known since Kafka 2.4. */
export async function rangesOf(
  ask: (version: number) => Promise<ResponseOf<typeof apiVersions>>,
): Promise<VersionRanges> {
  const { errorCode, apiKeys } = await ask(3)
  if (errorCode !== 0)
    throw new EvplatError('broker-too-old', 'the broker does not tell which requests it knows', {
      hint: 'evplat works with Kafka 2.4 and newer',
      details: { code: errorName(errorCode) },
    })
  return new Map(apiKeys.map((range) => [range.apiKey, { min: range.minVersion, max: range.maxVersion }]))
}

/** The newest version of an API that both sides know, and not above `newest`. */
export function negotiate({ key, name, versions: [min, max] }: Api, ranges: VersionRanges, newest = max): number {
  const range = ranges.get(key)
  const version = Math.min(max, newest, range?.max ?? -1)
  if (!range || version < Math.max(min, range.min))
    throw new EvplatError('broker-too-old', `the broker does not know ${name} at a version that evplat knows`, {
      hint: 'evplat works with Kafka 2.4 and newer',
      details: { api: name, broker: range ?? null, evplat: { min, max } },
    })
  return version
}
