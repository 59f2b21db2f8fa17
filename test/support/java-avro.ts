// Java's side of Avro in Kafka: test/java/ConfluentAvro.java, with Confluent's own registry client. Their serializers are not on Maven
// Central; the client is, within Apache Flink's format, and what the serializers add to it is a zero, the id and Avro's binary.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Json, parseJson, stringifyJson } from '../../src/core/json.ts'
import type { Found } from './found.ts'
import { classPathOf, runJava } from './maven.ts'

/** An event with its key; null is a tombstone. */
export interface KeyedEvent {
  readonly key: string
  readonly value: Json
}

/** `class` is that of the Java object that the event was read as; tombstones have none. */
export interface JavaEvent extends KeyedEvent {
  readonly class?: string
}

export interface JavaAvro {
  /** Resolves with the schema's id. `lookup` is auto.register.schemas=false. */
  write(topic: string, how: 'register' | 'lookup', schema: string, events: readonly KeyedEvent[]): Promise<number>
  read(topic: string, as: 'generic' | 'specific'): Promise<JavaEvent[]>
  /** Makes classes of a schema, for `read` as specific. */
  generate(schema: string): Promise<void>
  close(): Promise<void>
}

/** Class paths. Flink's jar brings classes along that are too old for the compiler. */
interface JavaAvroJars {
  readonly clients: string
  readonly compiler: string
}

export async function javaAvroJars(): Promise<Found<JavaAvroJars>> {
  const clients = await classPathOf('confluent-client-7.5.3-avro-1.12.1', [
    'org.apache.flink:flink-sql-avro-confluent-registry:1.20.0',
    'org.apache.avro:avro:1.12.1',
    'org.apache.kafka:kafka-clients:3.9.2',
    'org.slf4j:slf4j-nop:2.0.17',
  ])
  if ('missing' in clients) return clients
  const compiler = await classPathOf('avro-compiler-1.12.1', [
    'org.apache.avro:avro-compiler:1.12.1',
    'org.slf4j:slf4j-nop:2.0.17',
  ])
  return 'missing' in compiler ? compiler : { value: { clients: clients.value, compiler: compiler.value } }
}

const program = 'test/java/ConfluentAvro.java'

export async function openJavaAvro(jars: JavaAvroJars, bootstrap: string, registryUrl: string): Promise<JavaAvro> {
  const folder = await mkdtemp(join(tmpdir(), 'evplat-java-avro-'))
  const classPath = [folder, jars.clients].join(delimiter)
  const ask = (lines: readonly string[]): Promise<string[]> => runJava(program, classPath, lines)
  return {
    write: async (topic, how, schema, events) => {
      const lines = events.map(({ key, value }) => stringifyJson({ key, value }))
      const [id] = await ask([`write ${bootstrap} ${registryUrl} ${topic} ${how}`, schema, ...lines])
      return Number(id)
    },
    read: async (topic, as) => {
      const lines = await ask([`read ${bootstrap} ${registryUrl} ${topic} ${as}`])
      return lines.map((line) => parseJson(line) as unknown as JavaEvent)
    },
    generate: async (schema) => {
      await runJava('test/java/AvroClasses.java', jars.compiler, [folder, schema])
      const files = await readdir(folder, { recursive: true })
      const sources = files.filter((file) => file.endsWith('.java')).map((file) => join(folder, file))
      await promisify(execFile)('javac', ['-d', folder, '-cp', jars.compiler, ...sources])
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
