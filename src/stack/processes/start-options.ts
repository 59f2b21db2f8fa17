import type { DesiredServer } from '../desired/servers.ts'
import type { StackSettings } from '../../platform/platform.ts'
import type { Layout } from '../layout.ts'
import type { StackFile } from '../stack-file.ts'
import type { ProcessIdentity } from './operating-system.ts'

/** The Java to start servers with, and the folder of Kafka's jars. */
export interface KafkaProgram {
  readonly java: string
  readonly jars: string
}

/** By server: the folder with the programs of PostgreSQL, the `mongod` of this machine. */
export interface DatabasePrograms {
  readonly postgres?: string
  readonly mongodb?: string
}

export interface StartOptions {
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  readonly layout: Layout
  /** those to be started, in an order in which none stands before what it depends on */
  readonly servers: readonly DesiredServer[]
  readonly settings: StackSettings
  readonly file: StackFile
  /** by name: what runs already, and is only waited for */
  readonly running: ReadonlyMap<string, ProcessIdentity>
  /** there when one of the servers that do not run needs it */
  readonly kafka?: KafkaProgram
  /** of the databases that do not run */
  readonly programs: DatabasePrograms
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}
