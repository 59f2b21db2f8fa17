import type { DesiredServer } from '../desired/servers.ts'
import type { Layout } from '../layout.ts'
import type { StackFile } from '../stack-file.ts'
import type { ProcessIdentity } from './operating-system.ts'

/** The Java to start servers with, and the folder of Kafka's jars. */
export interface KafkaProgram {
  readonly java: string
  readonly jars: string
}

export interface StartOptions {
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  readonly layout: Layout
  /** those that are to run, in an order in which none stands before what it depends on */
  readonly servers: readonly DesiredServer[]
  readonly file: StackFile
  /** by name: what runs already, and is only waited for */
  readonly running: ReadonlyMap<string, ProcessIdentity>
  /** there when one of the servers that do not run needs it */
  readonly kafka?: KafkaProgram
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}
