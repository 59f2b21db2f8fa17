// A value as it was found in one of the sources, before anybody has asked what it means.
import type { Place } from '../../core/finding.ts'

export type Raw =
  | {
      readonly kind: 'text'
      /** as written, variables and all */
      readonly text: string
      /** without quotes: where any value goes, `5` and `true` are no text */
      readonly isPlain: boolean
      /** `${VAR}` stands for something */
      readonly isFilled: boolean
    }
  | { readonly kind: 'list'; readonly items: readonly Raw[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [name: string, value: Raw])[] }
  | { readonly kind: 'nothing' }

export interface Found {
  /** the full name: `server.port`, `logging.level.ROOT`, `app.maxOrders` */
  readonly name: string
  readonly raw: Raw
  /** `application.yaml`, `environment`, `arguments` */
  readonly source: string
  /** `application.yaml:4`, `environment SERVER_PORT` */
  readonly origin: string
  readonly at?: Place
  /** how it is written where it is in no file of YAML: `SERVER_PORT=` */
  readonly written?: string
}

/** Text that stands for itself, whatever dollar signs it has. */
export const literal = (text: string): Raw => ({ kind: 'text', text, isPlain: true, isFilled: false })
