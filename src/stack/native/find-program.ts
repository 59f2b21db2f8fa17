// What the servers of Java run on: a Java, and the jars of a Kafka.
import { EvplatError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { StackSettings } from '../../platform/platform.ts'
import { releaseFor } from '../desired/releases.ts'
import type { KafkaProgram } from '../processes/start-options.ts'
import type { RuntimeChoice } from '../runtime.ts'
import { findJava } from './find-java.ts'
import { type FindKafkaOptions, findKafka } from './jars/find-kafka.ts'

const absences: readonly ErrorCode[] = [
  'java-missing',
  'java-too-old',
  'maven-missing',
  'download-failed',
  'kafka-home-unusable',
]

/**
 * Finding them costs the start of a JVM, and at the first time a download. Where they are missing, the error is theirs; for a
 * stack that nobody asked to be native but that has its data there it is `runtime-away`.
 */
export async function findProgram(
  options: FindKafkaOptions & { readonly settings: StackSettings },
  { by }: RuntimeChoice,
): Promise<KafkaProgram> {
  const { settings, env, signal } = options
  const release = releaseFor(settings)
  try {
    return { java: await findJava(release, env, signal), jars: await findKafka(release, options) }
  } catch (thrown) {
    throw by === 'memory' && thrown instanceof EvplatError && absences.includes(thrown.code) ? away(thrown) : thrown
  }
}

function away(reason: EvplatError): EvplatError {
  const { hint = '' } = reason.parts
  return new EvplatError('runtime-away', `this stack has run on the runtime "native" so far: ${reason.message}`, {
    ...reason.parts,
    hint: `${hint}; or delete the data by \`evplat down --volumes\`, and the next \`evplat up\` starts an empty stack without Java`,
    cause: reason,
  })
}
