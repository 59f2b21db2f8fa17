// What the embedded broker is started with, and what of it can't be.
import type { Durability } from '../../broker/storage/store.ts'
import { EvplatError } from '../../core/errors.ts'

export interface EmbeddedOptions {
  /** the folder that keeps the data, absolute; left out, nothing outlives the process */
  readonly data?: string
  /** when a write counts: `process` survives the death of this process, `disk` a power loss, too. `process` by default, with `data` */
  readonly durability?: Exclude<Durability, 'memory'>
  /** ports on 127.0.0.1; left out or 0, free ones */
  readonly ports?: { readonly kafka?: number; readonly registry?: number }
  /** broker configs by their names in Kafka, `{ 'num.partitions': '3' }` */
  readonly configs?: Readonly<Record<string, string>>
  /** hears of what is a bug of evplat, and of what had to be cut out of damaged files */
  readonly onTrouble?: (message: string) => void
}

const known: readonly string[] = [
  'data',
  'durability',
  'ports',
  'configs',
  'onTrouble',
] satisfies (keyof EmbeddedOptions)[]
const asksForAddress = /^(?:advertised\.)?(?:listeners|host\.name)$|^(?:host|hostname|address|bind|listen)$/

/**
 * Throws `loopback-only` where somebody would have it listen elsewhere than on this machine alone, and `usage` for an option
 * that there is none of, and for the folder of the data among the configs: from JavaScript anything may come.
 */
export function requireSound({ configs = {}, ...options }: EmbeddedOptions): void {
  const address = [...Object.keys(options), ...Object.keys(configs)].find((name) => asksForAddress.test(name))
  if (address !== undefined)
    throw new EvplatError(
      'loopback-only',
      `"${address}" can not be set: the embedded broker listens on 127.0.0.1 and ::1 alone`,
      {
        hint: 'choose its port by `ports.kafka`; what other machines are to reach is no work for this broker, but for Apache Kafka',
      },
    )
  if ('log.dirs' in configs)
    throw new EvplatError('usage', '"log.dirs" is no config of the embedded broker', {
      hint: 'the option `data` is the folder of its data; without it the data is in memory',
    })
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new EvplatError('usage', `startEmbedded has no option "${unknown}"`, { hint: `it has ${known.join(', ')}` })
}
