// Java's own perf tools, of Kafka 3.9: ProducerPerformance and ConsumerPerformance.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { needed } from '../../test/support/found.ts'
import { toolJars } from '../../test/support/kafka-shell.ts'

/** Runs one of them to its end; resolves to what it prints. Throws when it fails, or where this machine has no Java. */
export async function runPerf(tool: 'Producer' | 'Consumer', args: readonly string[]): Promise<string> {
  const main = `org.apache.kafka.tools.${tool}Performance`
  const java = ['-Xmx512m', '-cp', needed(await toolJars('3.9')), main]
  return (await promisify(execFile)('java', [...java, ...args])).stdout
}
