// Requests and responses as frames: size, header, body. Header versions follow KIP-482; ApiVersions responses never have header tags.
import type { Api, RequestOf, RequestRead, ResponseOf, ResponseWritten } from './api.ts'
import { type Wire, compile } from './compile.ts'
import { errorCode } from './error-table.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const apiVersionsKey = 18

export interface RequestHeader {
  readonly version: number
  readonly correlationId: number
  readonly clientId: string
}

function wireOf(api: Api, version: number): Wire {
  return { version, flexible: version >= api.flexible, message: api.name }
}

/** A whole request with its size in front, as chunks for one gathering write. */
export function encodeRequest<A extends Api>(api: A, header: RequestHeader, body: RequestOf<A>): Buffer[] {
  const wire = wireOf(api, header.version)
  const writer = new Writer()
  writer.int16(api.key)
  writer.int16(header.version)
  writer.int32(header.correlationId)
  const clientIdLength = Buffer.byteLength(header.clientId)
  writer.int16(clientIdLength)
  writer.string(header.clientId, clientIdLength)
  if (wire.flexible) writer.uvarint(0)
  compile(api.request, wire).write(writer, body as never)
  const size = Buffer.allocUnsafe(4)
  size.writeInt32BE(writer.length)
  return [size, ...writer.chunks()]
}

/** The header of a request frame (without its size), and a reader that stands at the body. */
export interface ReceivedRequest {
  readonly apiKey: number
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly body: Reader
}

/**
 * Reads the header of a request frame up to the client id. Tags of flexible headers are still before the body: `decodeRequest` passes
 * over them, because only the API tells whether there are any. Throws `malformed-message`.
 */
export function readRequestHeader(frame: Buffer): ReceivedRequest {
  const body = new Reader(frame)
  const apiKey = body.int16()
  const version = body.int16()
  const correlationId = body.int32()
  const length = body.int16()
  return { apiKey, version, correlationId, clientId: length < 0 ? null : body.string(length), body }
}

/** The body of a request whose header was read. Byte fields are views of the frame. */
export function decodeRequest<A extends Api>(api: A, { version, body }: ReceivedRequest): RequestRead<A> {
  const wire = wireOf(api, version)
  if (wire.flexible) body.skipTags()
  return compile(api.request, wire).read(body) as RequestRead<A>
}

/** A whole response with its size in front, as chunks for one gathering write. */
export function encodeResponse<A extends Api>(
  api: A,
  { version, correlationId }: Pick<RequestHeader, 'version' | 'correlationId'>,
  body: ResponseWritten<A>,
): Buffer[] {
  const wire = wireOf(api, version)
  const writer = new Writer()
  writer.int32(correlationId)
  if (wire.flexible && api.key !== apiVersionsKey) writer.uvarint(0)
  compile(api.response, wire).write(writer, body as never)
  const size = Buffer.allocUnsafe(4)
  size.writeInt32BE(writer.length)
  return [size, ...writer.chunks()]
}

/** The correlation id of a response frame (without its size). */
export function correlationIdOf(frame: Buffer): number {
  return new Reader(frame).int32()
}

/** Who does not know the version of an ApiVersions request says so in version 0 (KIP-35, KIP-511). */
function answeredVersion(api: Api, version: number, frame: Buffer): number {
  const isUnknown = api.key === apiVersionsKey && new Reader(frame, 4).int16() === errorCode('UNSUPPORTED_VERSION')
  return isUnknown ? 0 : version
}

/** The body of a response frame (without its size). Byte fields are views of the frame. */
export function decodeResponse<A extends Api>(api: A, version: number, frame: Buffer): ResponseOf<A> {
  const wire = wireOf(api, answeredVersion(api, version, frame))
  const reader = new Reader(frame, 4)
  if (wire.flexible && api.key !== apiVersionsKey) reader.skipTags()
  return compile(api.response, wire).read(reader) as ResponseOf<A>
}
