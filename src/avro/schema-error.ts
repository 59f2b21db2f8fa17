/** What is wrong with a schema text: no JSON, no Avro schema, or a type that nothing defines. */
export type SchemaProblem = 'json' | 'schema' | 'unknown-type'

/** A schema text that is refused. `pointer` is the JSON pointer (RFC 6901) of the place in the text, '' for the whole. */
export class AvroSchemaError extends Error {
  readonly kind: SchemaProblem
  readonly pointer: string
  /** with kind `unknown-type`: the full name that nothing defines */
  readonly unknownType: string | undefined

  constructor(kind: SchemaProblem, pointer: string, message: string, unknownType?: string) {
    super(message)
    this.name = 'AvroSchemaError'
    this.kind = kind
    this.pointer = pointer
    this.unknownType = unknownType
  }
}
