// The id of a KRaft cluster in containers. It comes from the name of the project, so that the compose file alone makes the same cluster.
import { createHash } from 'node:crypto'

/** 16 bytes as base64url, 22 characters, as Kafka writes its ids (org.apache.kafka.common.Uuid): those of a UUID of version 8 (RFC 9562). */
export function clusterIdOf(project: string): string {
  const bytes = createHash('sha256').update(`evplat cluster ${project}`).digest().subarray(0, 16)
  // Kafka's tools would take a first `-` for an option
  bytes[0]! &= 0x7f
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('base64url')
}
